import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import { Button } from '../../widgets/button.tsx';
import { FaultCard } from '../../widgets/fault-card.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { ReconnectingBanner } from './reconnecting-banner.tsx';

export interface BannersProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly linkUp: boolean;
  readonly notice: Fault | null;
  readonly probeEvents: readonly ProbeSignal[];
  readonly controller: Controller;
}

/** What is out of the ordinary, above the data and never instead of it. */
export function Banners({ session, view, linkUp, notice, probeEvents, controller }: BannersProps) {
  const { copyText } = controller;
  return (
    <div className="banners">
      {view.kind === 'reconnecting' && <ReconnectingBanner view={view} onNow={() => session.reconnectNow()} />}
      {view.kind === 'ended' && (
        <EndedBanner session={session} linkUp={linkUp} fault={view.fault} controller={controller} />
      )}
      {view.kind === 'replay' && !view.complete && (
        <div className="banner">
          <ProgressBar value={view.progress} label="Reading the recording" />
          Reading the recording, {Math.floor(view.progress * 100)} %
        </div>
      )}
      {view.kind === 'replay' && view.warning && (
        <FaultCard
          title="The recording is damaged; what could be read is shown"
          fault={view.warning}
          copyText={copyText}
        />
      )}
      {'recording' in view && view.recording?.fault && (
        <FaultCard
          title="The recording could not go on; you still see the data"
          fault={view.recording.fault}
          copyText={copyText}
        />
      )}
      {/* A replay ends with whatever stopped the probe: that is history, not news. */}
      {view.kind !== 'ended' && <ProbeBanner last={probeEvents.at(-1)} copyText={copyText} />}
      {notice && (
        <FaultCard
          fault={notice}
          copyText={copyText}
          actions={<Button onClick={() => session.dismissNotice()}>Dismiss</Button>}
        />
      )}
    </div>
  );
}

const DISCONNECTED = 'Disconnected; the agent on the device was told to end. The data stays here.';
/** Nobody could tell the agent; its lease does. */
const DISCONNECTED_BLINDLY =
  'Disconnected while the link was down; the agent on the device ends by itself soon. The data stays here.';

function EndedBanner({
  session,
  linkUp,
  fault,
  controller,
}: Pick<BannersProps, 'session' | 'linkUp' | 'controller'> & { readonly fault: Fault | null }) {
  const again = session.origin.kind === 'live' && session.origin.target !== null && (
    <Button look="primary" onClick={() => controller.connectAgain()}>
      Connect again
    </Button>
  );
  if (fault) {
    return (
      <FaultCard
        title="The session has ended; its data stays here"
        fault={fault}
        copyText={controller.copyText}
        actions={again}
      />
    );
  }
  return (
    <div className="banner" role="status">
      {linkUp ? DISCONNECTED : DISCONNECTED_BLINDLY}
      {again}
    </div>
  );
}

function ProbeBanner({
  last,
  copyText,
}: {
  readonly last: ProbeSignal | undefined;
  readonly copyText: (text: string) => void;
}) {
  if (!last) return null;
  const title = findProbe(last.probe)?.title ?? last.probe;
  if (last.what.kind === 'failed') {
    return <FaultCard title={`${title} is not running`} fault={last.what.fault} copyText={copyText} />;
  }
  if (last.what.kind !== 'stopped') return null;
  return (
    <div className="banner" role="status">
      {title} has stopped{last.what.reason && `: ${last.what.reason}`}
    </div>
  );
}
