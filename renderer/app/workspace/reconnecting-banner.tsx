import type { SessionView } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { formatDuration } from '../../widgets/format.ts';
import { RunningIcon } from '../../widgets/icons.tsx';
import { useNow } from '../../widgets/use-now.ts';

export interface ReconnectingBannerProps {
  readonly view: Extract<SessionView, { kind: 'reconnecting' }>;
  readonly onNow: () => void;
}

export function ReconnectingBanner({ view, onNow }: ReconnectingBannerProps) {
  const nowMs = useNow(1000, true);
  const { sinceMs, attempt, giveUpMs, why } = view;
  return (
    <div className="banner banner-warn" role="status">
      <RunningIcon />
      <p>
        <b>The link to the device is down</b> for {seconds(nowMs - sinceMs)}
        {why && ` (${why})`}. Attempt {attempt}; giving up in {seconds(giveUpMs - nowMs)}. The device keeps sampling,
        and the data you have stays.
      </p>
      <Button onClick={onNow}>Reconnect now</Button>
    </div>
  );
}

function seconds(ms: number): string {
  return formatDuration(Math.max(1, Math.round(ms / 1000)));
}
