import { useStore } from 'zustand';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { sentence } from '../../widgets/fault-card.tsx';
import { formatBytes, formatDuration } from '../../widgets/format.ts';
import type { QuitState } from '../app-state.ts';
import type { Session } from '../session.ts';
import { FIRST_DRAFT } from '../workspace/recorder/unattended-draft.ts';
import type { QuitDesk } from './quit-desk.ts';

export interface QuitDialogProps {
  readonly quit: QuitState;
  readonly session: Session;
  readonly desk: QuitDesk;
}

/** What becomes of a session when the window is closed. Enter and Escape both stay. */
export function QuitDialog({ quit, session, desk }: QuitDialogProps) {
  const view = useStore(session.state, (state) => state.view);
  const flight = useStore(session.state, (state) => state.flight);
  const hostname = useStore(session.snapshots, (snapshot) => snapshot.device?.hostname) ?? 'the device';
  const recording = view && 'recording' in view && view.recording?.file ? view.recording : null;
  const isStarting = quit.kind === 'starting';
  const isRunning = (flight?.waiting ?? []).some(({ running }) => running);
  const isUp = view?.kind === 'live';
  return (
    <Dialog
      title="Quit Sonde?"
      onCancel={() => desk.stay()}
      onSubmit={() => desk.stay()}
      actions={
        <>
          <Button look="danger" onClick={() => desk.leave()}>
            {recording ? 'Stop, save and quit' : 'Stop and quit'}
          </Button>
          {!isRunning && (
            <Button disabled={!isUp || isStarting || flight?.busy != null} onClick={() => desk.keepOnDevice()}>
              Keep recording on the device
            </Button>
          )}
          <Button look="primary" data-first-focus onClick={() => desk.stay()}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        {recording ? recordingWords(hostname, recording) : `${sentence(hostname)} is watched, nothing is recorded.`}
      </p>
      <p>{deviceWords(isRunning, isUp)}</p>
      <p className={quit.kind === 'asking' ? 'quit-status field-error' : 'quit-status'} role="status">
        {isStarting && 'Starting the recording on the device…'}
        {quit.kind === 'asking' && quit.fault && sentence(quit.fault.message)}
      </p>
    </Dialog>
  );
}

function recordingWords(hostname: string, { seconds, bytes }: { readonly seconds: number; readonly bytes: number }) {
  return `Sonde is recording ${hostname}: ${formatDuration(Math.round(seconds))} so far, ${formatBytes(bytes)}. It is saved when you quit, and nothing is left running on the device.`;
}

function deviceWords(isRunning: boolean, isUp: boolean): string {
  if (isRunning) return 'The device goes on with the recording that it makes by itself; it waits there to be fetched.';
  if (!isUp) return 'The link is down: the device can be told to go on by itself only once it is back.';
  const { hours, megabytes } = FIRST_DRAFT;
  return `Or the device goes on recording by itself, for ${hours} hours or ${megabytes} MB at most, and keeps that until you fetch it.`;
}
