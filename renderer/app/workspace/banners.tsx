import type { RecordingView, SessionView } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { ProbeData, StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { FaultCard } from '../../widgets/fault-card.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import type { Controller } from '../controller.ts';
import { hasCrashed, OpenKept } from '../open-kept.tsx';
import type { Session } from '../session.ts';
import { ImportedBanner } from './imported-banner.tsx';
import { probeState } from './probe-state.ts';
import { WaitingBanner } from './recorder/waiting-banner.tsx';
import { ReconnectingBanner } from './reconnecting-banner.tsx';
import { TidyingBanner } from './tidying-banner.tsx';

export interface BannersProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly linkUp: boolean;
  readonly notice: Fault | null;
  readonly snapshot: StoreSnapshot;
  readonly controller: Controller;
}

/** What is out of the ordinary, above the data and never instead of it. */
export function Banners({ session, view, linkUp, notice, snapshot, controller }: BannersProps) {
  const { copyText } = controller;
  return (
    <div className="banners">
      {view.kind === 'reconnecting' && <ReconnectingBanner view={view} onNow={() => session.reconnectNow()} />}
      {view.kind === 'ended' && (
        <EndedBanner {...{ session, linkUp, controller }} fault={view.fault} recording={view.recording} />
      )}
      {view.kind === 'replay' && view.tidying && (
        <TidyingBanner progress={view.progress} onSkip={() => session.disconnect()} />
      )}
      {view.kind === 'replay' && !view.complete && !view.tidying && (
        <div className="banner">
          <ProgressBar value={view.progress} label="Reading the recording" />
          Reading the recording, {Math.floor(view.progress * 100)} %
        </div>
      )}
      {view.kind === 'replay' && view.importedFrom !== null && (
        <ImportedBanner file={view.importedFrom} onSave={() => void controller.saveAsRecording()} />
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
      {/* What stopped a probe is history where nothing goes on: the view of the probe says so, and the summary. */}
      {view.kind !== 'ended' &&
        view.kind !== 'replay' &&
        [...snapshot.probes].map(([id, data]) => <ProbeBanner key={id} data={data} copyText={copyText} />)}
      {view.kind === 'live' && <WaitingBanner session={session} />}
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
  recording,
  controller,
}: Pick<BannersProps, 'session' | 'linkUp' | 'controller'> & {
  readonly fault: Fault | null;
  readonly recording: RecordingView | null;
}) {
  const again = session.origin.kind === 'live' && (
    <Button look="primary" onClick={() => controller.connectAgain()}>
      {fault && hasCrashed(fault) ? 'Reconnect' : 'Connect again'}
    </Button>
  );
  if (fault) {
    return (
      <FaultCard
        title={
          hasCrashed(fault) ? 'The session crashed; its data stays here' : 'The session has ended; its data stays here'
        }
        fault={fault}
        copyText={controller.copyText}
        actions={
          <>
            {again}
            <OpenKept fault={fault} recording={recording} controller={controller} />
          </>
        }
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

/** A probe that ended by itself. One that somebody stopped is no news: its own place says so. */
function ProbeBanner({ data, copyText }: { readonly data: ProbeData; readonly copyText: (text: string) => void }) {
  const state = probeState(data.events);
  if (state.kind !== 'failed') return null;
  const { title } = data.windows.manifest;
  return <FaultCard title={`${title}: not running`} fault={state.fault} copyText={copyText} />;
}
