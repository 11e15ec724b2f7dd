import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../../widgets/button.tsx';
import type { Session } from '../../session.ts';
import type { DeviceRecording } from '../../../../electron/bridge/contract.ts';
import { formatBytes, formatDuration, formatWhen } from '../../../widgets/format.ts';
import { recordingText } from './waiting-list.tsx';

/** What a device has recorded by itself and nobody has fetched; first what was left of a session that broke off. */
export function WaitingBanner({ session }: { readonly session: Session }) {
  const { flight } = useStore(session.state);
  const [left, setLeft] = useState<readonly string[]>([]);
  const waiting = flight?.waiting?.filter(({ id, running }) => !running && !left.includes(id)) ?? [];
  const recording = waiting.find(({ brokeOff }) => brokeOff) ?? waiting[0];
  if (!recording) return null;
  const { id, brokeOff } = recording;
  const isBusy = flight?.busy !== null;
  return (
    <div className="banner" role="status">
      {brokeOff ? brokenOffText(recording) : `A recording of its own waits on the device: ${recordingText(recording)}.`}
      <span className="banner-actions">
        <Button look="primary" disabled={isBusy} onClick={() => session.fetchRecording(id)}>
          {brokeOff ? 'Keep' : 'Fetch'}
        </Button>
        <Button onClick={() => setLeft([...left, id])}>Leave</Button>
        <Button disabled={isBusy} onClick={() => session.deleteRecording(id)}>
          Delete
        </Button>
      </span>
    </div>
  );
}

function brokenOffText({ startedMs, seconds, bytes }: DeviceRecording): string {
  const when = formatWhen(startedMs + seconds * 1000, Date.now());
  return `A session with this device broke off (${when}). The device still has its last ${formatDuration(seconds)}, ${formatBytes(bytes)}.`;
}
