import type { LinkView, SessionView } from '../../../electron/bridge/contract.ts';
import { hasWindows } from '../../store/index.ts';
import type { StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { SondeMark } from '../../widgets/icons.tsx';
import { CompareMenu } from '../compare/compare-menu.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { ShareButton } from '../share/share-button.tsx';
import { ConnectionState } from './connection-state.tsx';
import { ExportMenu } from './export-menu.tsx';
import { identityDetails, identityFacts, uptimeSeconds } from './identity.ts';

export interface IdentityBarProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly link: LinkView | null;
  readonly snapshot: StoreSnapshot;
  readonly exporting: boolean;
  readonly controller: Controller;
}

export function IdentityBar({ session, view, link, snapshot, exporting, controller }: IdentityBarProps) {
  const { device, firstNs, lastNs } = snapshot;
  const live = view.kind === 'live' || view.kind === 'reconnecting';
  return (
    <header className="identity-bar">
      <SondeMark size={20} />
      <h1 className="identity-host" title={device?.hostname}>
        {device?.hostname ?? '…'}
      </h1>
      {device && (
        <p className="identity-facts" title={identityDetails(device)}>
          {identityFacts(device, uptimeSeconds(device, firstNs, lastNs)).join(' · ')}
        </p>
      )}
      <div className="identity-actions">
        <ConnectionState view={view} link={link} />
        <CompareMenu session={session} snapshot={snapshot} controller={controller} />
        <ExportMenu session={session} exporting={exporting} snapshot={snapshot} controller={controller} />
        <ShareButton session={session} controller={controller} disabled={exporting || !hasWindows(snapshot)} />
        {live ? (
          <Button onClick={() => session.disconnect()}>Disconnect</Button>
        ) : (
          <Button onClick={() => controller.leave()}>Close</Button>
        )}
      </div>
    </header>
  );
}
