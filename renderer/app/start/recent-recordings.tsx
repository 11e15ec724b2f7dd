import type { RecentRecording } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { fileName, formatBytes, formatWhen } from '../../widgets/format.ts';
import { FileIcon } from '../../widgets/icons.tsx';

export interface RecentRecordingsProps {
  readonly recordings: readonly RecentRecording[];
  readonly nowMs: number;
  readonly busy: boolean;
  readonly hasSample: boolean;
  /** null = choose with the system's dialog. */
  readonly onOpen: (file: string | null) => void;
  readonly onLibrary: () => void;
}

export function RecentRecordings({ recordings, nowMs, busy, hasSample, onOpen, onLibrary }: RecentRecordingsProps) {
  return (
    <section className="recent" aria-labelledby="recent-recordings">
      <div className="recent-head">
        <h2 id="recent-recordings">Recordings</h2>
        {recordings.length > 0 && (
          <Button look="link" disabled={busy} onClick={onLibrary}>
            All recordings
          </Button>
        )}
      </div>
      {recordings.length === 0 && (
        <p className="recent-empty">Every session is recorded into one file, and listed here.</p>
      )}
      <ul>
        {recordings.map((recording) => (
          <li key={recording.file}>
            <button
              type="button"
              className="recent-open"
              disabled={busy}
              title={recording.file}
              onClick={() => onOpen(recording.file)}
            >
              <FileIcon />
              <span className="recent-name">{recording.hostname || fileName(recording.file)}</span>
              <span className="recent-when">{formatWhen(recording.startedMs, nowMs)}</span>
              <span className="recent-more">
                {fileName(recording.file)} · {formatBytes(recording.bytes)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="recent-actions">
        <Button disabled={busy} onClick={() => onOpen(null)}>
          Open a recording…
        </Button>
        {hasSample && (
          <Button disabled={busy} onClick={() => onOpen('sample')}>
            Explore the sample recording
          </Button>
        )}
        <p className="recent-drop">A recording can also be dropped anywhere onto this window.</p>
      </div>
    </section>
  );
}
