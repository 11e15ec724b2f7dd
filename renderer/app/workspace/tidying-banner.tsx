import { useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { formatDuration } from '../../widgets/format.ts';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { secondsLeft } from './seconds-left.ts';

/** A large recording is put in order while its beginning can be looked at. */
export function TidyingBanner({ progress, onSkip }: { readonly progress: number; readonly onSkip: () => void }) {
  const nowMs = useNow(1000, true);
  const [shownFirst] = useState(progress);
  // What somebody else had made of it is there at once, and no measure of anything.
  const [begun, setBegun] = useState<{ readonly progress: number; readonly nowMs: number } | null>(null);
  if (begun === null && progress !== shownFirst) setBegun({ progress, nowMs });
  const leftS = begun && secondsLeft(begun, { progress, nowMs });
  const left = leftS === null ? '' : `, about ${formatDuration(leftS)} more`;
  return (
    <div className="banner">
      <ProgressBar value={progress} label="Putting the recording in order" />
      This is its beginning. All of it is shown once it is in order, {Math.floor(progress * 100)} %{left}.
      <Button onClick={onSkip}>Skip</Button>
    </div>
  );
}
