import type { RecordingView } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import { Button } from '../widgets/button.tsx';
import type { Controller } from './controller.ts';

export interface OpenKeptProps {
  readonly fault: Fault;
  readonly recording: RecordingView | null;
  readonly controller: Controller;
}

export const hasCrashed = ({ code }: Fault): boolean => code === 'session-crashed';

/** Of a session whose process crashed: nobody is left to finish the file, and it is readable all the same. */
export function OpenKept({ fault, recording, controller }: OpenKeptProps) {
  if (!hasCrashed(fault) || !recording?.file) return null;
  return <Button onClick={() => controller.openRecording(recording.file)}>Open the recording</Button>;
}
