import { useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../../widgets/button.tsx';
import type { Session } from '../../session.ts';
import { recordingText } from './waiting-list.tsx';

/** On the first look at a device: what it has recorded by itself and nobody has fetched. */
export function WaitingBanner({ session }: { readonly session: Session }) {
  const { flight } = useStore(session.state);
  const [left, setLeft] = useState<readonly string[]>([]);
  const recording = flight?.waiting?.find(({ id, running }) => !running && !left.includes(id));
  if (!recording) return null;
  const { id } = recording;
  const isBusy = flight?.busy !== null;
  return (
    <div className="banner" role="status">
      A recording of its own waits on the device: {recordingText(recording)}.
      <span className="banner-actions">
        <Button look="primary" disabled={isBusy} onClick={() => session.fetchRecording(id)}>
          Fetch
        </Button>
        <Button onClick={() => setLeft([...left, id])}>Leave</Button>
        <Button disabled={isBusy} onClick={() => session.deleteRecording(id)}>
          Delete
        </Button>
      </span>
    </div>
  );
}
