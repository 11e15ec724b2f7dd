import type { CleanUpRules, Library } from '../../../electron/bridge/library.ts';
import type { SettingsView } from '../../../electron/bridge/settings.ts';
import { Button } from '../../widgets/button.tsx';
import { formatBytes, formatCount } from '../../widgets/format.ts';
import { Section } from './section.tsx';
import type { SettingsDesk } from './settings-desk.ts';

export interface RecordingsSectionProps {
  readonly view: SettingsView;
  /** null = not there yet. */
  readonly library: Library | null;
  readonly desk: SettingsDesk;
  readonly onLimit: () => void;
}

/** Where recordings go, and how much of them is kept. */
export function RecordingsSection({ view, library, desk, onLimit }: RecordingsSectionProps) {
  const isOwn = view.settings.recordingsFolder === null;
  return (
    <Section title="Recordings">
      <div className="settings-line">
        <div>
          <span className="field-label">Folder</span>
          <p className="settings-path">{view.folder}</p>
        </div>
        <Button onClick={() => void desk.chooseFolder()}>Choose a folder…</Button>
        {!isOwn && <Button onClick={() => void desk.change({ recordingsFolder: null })}>Sonde’s own folder</Button>}
      </div>
      <p className="field-help">Recordings that are there stay where they are; new sessions are written here.</p>
      <div className="settings-line">
        <div>
          <span className="field-label">Limit</span>
          <p>
            {library
              ? `${limitWords(library.rules)} There are ${formatCount(library.recordings.length)} now, ${formatBytes(sumOf(library))}.`
              : 'Looking…'}
          </p>
        </div>
        <Button disabled={!library} onClick={onLimit}>
          Change…
        </Button>
      </div>
    </Section>
  );
}

function limitWords({ maxBytes, maxDays }: CleanUpRules): string {
  const limits = [
    ...(maxBytes === null ? [] : [`at most ${formatBytes(maxBytes)}`]),
    ...(maxDays === null ? [] : [`for at most ${maxDays} days`]),
  ];
  return limits.length === 0 ? 'None: all are kept.' : `Kept: ${limits.join(', ')}. Cleaning up asks first.`;
}

const sumOf = ({ recordings }: Library): number => recordings.reduce((sum, { bytes }) => sum + bytes, 0);
