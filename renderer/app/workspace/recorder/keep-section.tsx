import type { FlightView } from '../../../../electron/bridge/contract.ts';
import { Button } from '../../../widgets/button.tsx';
import { fileName } from '../../../widgets/format.ts';
import type { Controller } from '../../controller.ts';
import type { Session } from '../../session.ts';

export interface KeepSectionProps {
  readonly session: Session;
  readonly flight: FlightView;
  readonly controller: Controller;
}

const CHOICES = [
  { seconds: 30, text: '30 s' },
  { seconds: 60, text: '60 s' },
  { seconds: 120, text: '2 min' },
] as const;

/** The last seconds as a file of their own, and the files that came of it. */
export function KeepSection({ session, flight: { busy, kept }, controller }: KeepSectionProps) {
  return (
    <section>
      <h3>Keep what just happened</h3>
      <p className="recorder-help">Saves the last seconds as a recording of their own. Shift+K keeps 60 s.</p>
      {busy && <p className="recorder-help">Now: {busy.text} …</p>}
      <div className="recorder-row">
        {CHOICES.map(({ seconds, text }) => (
          <Button key={seconds} disabled={busy !== null} onClick={() => session.keepLast(seconds)}>
            Last {text}
          </Button>
        ))}
      </div>
      {kept.length > 0 && (
        <ul className="recorder-list">
          {kept.map(({ file, text }) => (
            <li key={file}>
              <span className="recorder-what" title={file}>
                {text} {fileName(file)}
              </span>
              <Button look="link" onClick={() => controller.showInFolder(file)}>
                Show in folder
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
