import type { RecordingView, SessionView } from '../../../electron/bridge/contract.ts';
import { fileName, formatBytes, formatDuration, formatStopwatch } from '../../widgets/format.ts';
import { FileIcon, WarningIcon } from '../../widgets/icons.tsx';

export interface RecordStateProps {
  readonly view: SessionView;
  readonly spanSeconds: number;
  readonly onShow: (file: string) => void;
}

/** Which file the session is in, and whether it still grows. A click shows it in its folder. */
export function RecordState({ view, spanSeconds, onShow }: RecordStateProps) {
  switch (view.kind) {
    case 'replay':
      return (
        <FileButton
          file={view.file}
          onShow={onShow}
          more={`${formatBytes(view.bytes)} · ${formatDuration(spanSeconds)}`}
        />
      );
    case 'live':
    case 'reconnecting':
      return <Growing recording={view.recording} onShow={onShow} />;
    case 'ended': {
      const { recording } = view;
      const more = recording && `${formatBytes(recording.bytes)} · ${formatDuration(recording.seconds)}`;
      return recording && <FileButton file={recording.file} onShow={onShow} more={more ?? ''} />;
    }
    case 'connecting':
      return null;
    default:
      return assertNever(view);
  }
}

function Growing({
  recording,
  onShow,
}: {
  readonly recording: RecordingView;
  readonly onShow: (file: string) => void;
}) {
  const { file, bytes, seconds, fault } = recording;
  if (file === '' && !fault) return <span className="status-item">Not recorded</span>;
  if (fault) {
    return (
      <button
        type="button"
        className="button status-item status-bad"
        title={fault.message}
        onClick={() => onShow(file)}
      >
        <WarningIcon size={13} />
        Recording stopped at {formatStopwatch(seconds)}
      </button>
    );
  }
  return (
    <button
      type="button"
      className="button status-item"
      title={`Show ${file} in its folder`}
      onClick={() => onShow(file)}
    >
      <span className="record-dot" />
      Recording <span className="record-file">{fileName(file)}</span>
      <span className="status-apart">{formatBytes(bytes)}</span>
      <span className="status-apart">{formatStopwatch(seconds)}</span>
    </button>
  );
}

function FileButton({
  file,
  more,
  onShow,
}: {
  readonly file: string;
  readonly more: string;
  readonly onShow: (file: string) => void;
}) {
  return (
    <button
      type="button"
      className="button status-item"
      title={`Show ${file} in its folder`}
      onClick={() => onShow(file)}
    >
      <FileIcon size={13} />
      <span className="record-file">{fileName(file)}</span>
      <span className="status-apart">{more}</span>
    </button>
  );
}

function assertNever(view: never): never {
  throw new Error(`unknown view ${JSON.stringify(view)}`);
}
