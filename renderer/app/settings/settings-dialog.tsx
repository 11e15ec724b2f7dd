import { useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { GearIcon } from '../../widgets/icons.tsx';
import { useNow } from '../../widgets/use-now.ts';
import type { AppState } from '../app-state.ts';
import type { Controller } from '../controller.ts';
import { CleanUpDialog } from '../library/clean-up-dialog.tsx';
import { DevicesSection } from './devices-section.tsx';
import { LookSection } from './look-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { RecordingsSection } from './recordings-section.tsx';
import { WatchSection } from './watch-section.tsx';

export interface SettingsProps {
  readonly app: AppState;
  readonly controller: Controller;
}

/** What holds for all sessions. Each change is kept and in force at once: there is nothing to save. */
export function SettingsDialog({ app, controller }: SettingsProps) {
  const desk = controller.settings;
  const view = app.settings;
  const [isLimiting, setLimiting] = useState(false);
  const nowMs = useNow(60_000, true);
  const close = () => desk.close();
  if (isLimiting && app.library)
    return (
      <CleanUpDialog library={app.library} nowMs={nowMs} controller={controller} onClose={() => setLimiting(false)} />
    );
  return (
    <Dialog
      title="Settings"
      icon={<GearIcon size={18} />}
      onCancel={close}
      onSubmit={close}
      actions={
        <>
          <Button onClick={() => void desk.reset()}>Reset to defaults</Button>
          <Button look="primary" data-first-focus onClick={close}>
            Close
          </Button>
        </>
      }
    >
      <div className="settings">
        {view?.trouble != null && (
          <p className="settings-trouble" role="alert">
            {view.trouble}
          </p>
        )}
        {view && (
          <>
            <LookSection settings={view.settings} desk={desk} />
            <WatchSection settings={view.settings} desk={desk} />
            <RecordingsSection view={view} library={app.library} desk={desk} onLimit={() => setLimiting(true)} />
            <DevicesSection app={app} controller={controller} />
            <PrivacySection />
          </>
        )}
      </div>
    </Dialog>
  );
}
