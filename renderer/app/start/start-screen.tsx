import { DEFAULT_SETTINGS, usualChoices } from '../../../electron/bridge/settings.ts';
import { Button } from '../../widgets/button.tsx';
import { FaultCard } from '../../widgets/fault-card.tsx';
import { GearIcon, RunningIcon, SondeMark } from '../../widgets/icons.tsx';
import { useNow } from '../../widgets/use-now.ts';
import type { AppState, Screen } from '../app-state.ts';
import type { Controller } from '../controller.ts';
import { targetOf } from './connect-draft.ts';
import { ConnectForm } from './connect-form.tsx';
import { RecentDevices } from './recent-devices.tsx';
import { RecentRecordings } from './recent-recordings.tsx';

export interface StartScreenProps {
  readonly app: AppState;
  readonly screen: Extract<Screen, { kind: 'start' }>;
  readonly controller: Controller;
}

export function StartScreen({ app, screen, controller }: StartScreenProps) {
  const nowMs = useNow(60_000, true);
  const busy = screen.busy !== null;
  const usual = usualChoices(app.settings?.settings ?? DEFAULT_SETTINGS);
  return (
    <main className="start">
      <div className="start-connect">
        <header className="start-mark">
          <SondeMark />
          <h1>Sonde</h1>
          <span className="start-version">{app.version}</span>
          <span className="start-settings">
            <Button
              look="quiet"
              aria-label="Settings"
              title="Settings (Ctrl+,)"
              onClick={() => controller.settings.open()}
            >
              <GearIcon size={18} />
            </Button>
          </span>
        </header>
        <Explanation />
        {screen.fault && <FaultCard fault={screen.fault} copyText={controller.copyText} />}
        <ConnectForm
          last={app.lastTarget}
          usual={usual}
          user={app.user}
          busy={busy}
          onConnect={(target) => controller.connect(target)}
          chooseKeyFile={() => controller.chooseKeyFile()}
        />
        <p className="start-busy" role="status">
          {busy && (
            <>
              <RunningIcon />
              {screen.busy}…
            </>
          )}
        </p>
      </div>
      <div className="start-recent">
        <RecentDevices
          devices={app.devices}
          nowMs={nowMs}
          busy={busy}
          onConnect={(device) => controller.connect(targetOf(device, usual))}
          onForget={(destination) => void controller.forgetDevice(destination)}
        />
        <RecentRecordings
          recordings={app.recordings}
          nowMs={nowMs}
          busy={busy}
          hasSample={app.hasSampleRecording}
          onOpen={(file) => controller.openRecording(file)}
          onLibrary={() => controller.showLibrary()}
        />
      </div>
    </main>
  );
}

/** First contact: all that will happen on the device, before it happens. */
function Explanation() {
  return (
    <p className="start-explanation">
      See where the CPU time of a Linux device goes and what its system calls do, live. Over SSH, Sonde puts about
      1&nbsp;MB into one private folder on the device, or 17&nbsp;MB (87 on its disk) where it has no suitable Node.js
      of its own. It needs root, directly or through sudo, opens no port, and leaves nothing running when you
      disconnect.
    </p>
  );
}
