import type { Settings, Theme } from '../../../electron/bridge/settings.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { Section } from './section.tsx';
import type { SettingsDesk } from './settings-desk.ts';

const THEME_CHOICES: readonly { readonly value: Theme; readonly text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

export function LookSection({ settings, desk }: { readonly settings: Settings; readonly desk: SettingsDesk }) {
  return (
    <Section title="Appearance">
      <Segmented
        label="Theme"
        options={THEME_CHOICES}
        value={settings.theme}
        onChange={(theme) => void desk.change({ theme })}
      />
    </Section>
  );
}
