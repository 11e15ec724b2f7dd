import type { LinkView, SessionView } from '../../../electron/bridge/contract.ts';
import { formatBytesPerSecond, formatDuration } from '../../widgets/format.ts';
import { Popover } from '../../widgets/popover.tsx';

export interface ConnectionStateProps {
  readonly view: SessionView;
  readonly link: LinkView | null;
}

export function ConnectionState({ view, link }: ConnectionStateProps) {
  switch (view.kind) {
    case 'live':
      return (
        <Popover
          face={<LiveFace link={view.link} />}
          label="Connection"
          look="connection connection-live"
          side="below"
          align="end"
        >
          {() => <LinkPanel link={view.link} />}
        </Popover>
      );
    case 'reconnecting':
      return (
        <span className="connection connection-warn" title={link ? `was ${link.user}@${link.address}` : ''}>
          <span className="lamp" />
          Reconnecting
        </span>
      );
    case 'ended':
      return (
        <span className={view.fault ? 'connection connection-bad' : 'connection'}>
          <span className="lamp" />
          Ended
        </span>
      );
    case 'replay':
      return (
        <span className="connection">
          <span className="lamp" />
          Recording
        </span>
      );
    case 'connecting':
      return null;
    default:
      return assertNever(view);
  }
}

function LiveFace({ link }: { readonly link: LinkView }) {
  return (
    <>
      <span className="lamp" />
      Live
      {link.rttMs !== null && <span className="status-apart">{rtt(link.rttMs)}</span>}
      {link.mergedWindows > 0 && (
        <span
          className="status-apart connection-slow"
          title={`${link.mergedWindows} windows were merged because the link or the device was busy. Counts are exact, times coarser.`}
        >
          coarser time
        </span>
      )}
    </>
  );
}

function LinkPanel({ link }: { readonly link: LinkView }) {
  return (
    <dl className="link-panel">
      <dt>Logged in as</dt>
      <dd>{link.user}</dd>
      <dt>Address</dt>
      <dd>{link.address}</dd>
      <dt>Round trip</dt>
      <dd>{link.rttMs === null ? 'not measured yet' : rtt(link.rttMs)}</dd>
      <dt>Received</dt>
      <dd>{formatBytesPerSecond(link.bytesPerSecond)}</dd>
      <dt>Merged windows</dt>
      <dd>{link.mergedWindows === 0 ? 'none' : `${link.mergedWindows}: the link is slow; totals stay exact`}</dd>
    </dl>
  );
}

function rtt(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : formatDuration(ms / 1000);
}

function assertNever(view: never): never {
  throw new Error(`unknown view ${JSON.stringify(view)}`);
}
