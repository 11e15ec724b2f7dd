import type { DeviceRecording } from '../../../../electron/bridge/contract.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatBytes, formatDuration } from '../../../widgets/format.ts';
import type { Session } from '../../session.ts';

export interface WaitingListProps {
  readonly session: Session;
  readonly waiting: readonly DeviceRecording[];
  /** Something else is being done on the device. */
  readonly busy: boolean;
}

/** What lies on the device. Fetching deletes it there. */
export function WaitingList({ session, waiting, busy }: WaitingListProps) {
  return (
    <ul className="recorder-list">
      {waiting.map((recording) => (
        <li key={recording.id}>
          <span className="recorder-what" title={recording.id}>
            {recordingText(recording)}
          </span>
          <Button look="link" disabled={busy} onClick={() => session.fetchRecording(recording.id)}>
            {recording.running ? 'End and fetch' : 'Fetch'}
          </Button>
          <Button look="link" disabled={busy} onClick={() => session.deleteRecording(recording.id)}>
            Delete
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** "2 h, 12 MB; its time is over" */
export function recordingText({ brokeOff, running, seconds, bytes, state, firings }: DeviceRecording): string {
  const what = `${formatDuration(seconds)}, ${formatBytes(bytes)}`;
  if (brokeOff) return `${what}; the last of a session that broke off`;
  const fired = firings > 0 ? `; triggered ${firings} time${firings === 1 ? '' : 's'}` : '';
  return `${what}; ${running ? 'records now' : state}${fired}`;
}
