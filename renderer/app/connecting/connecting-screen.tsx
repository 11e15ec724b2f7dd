import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { FaultCard } from '../../widgets/fault-card.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { OpenKept } from '../open-kept.tsx';
import { SessionPrompt } from '../prompts/session-prompt.tsx';
import { StepList } from './step-list.tsx';

export interface ConnectingScreenProps {
  readonly session: Session;
  readonly view: SessionView | null;
  readonly notice: Fault | null;
  readonly controller: Controller;
}

/** The way to the first picture; also where it ended, if it ended before there was one. */
export function ConnectingScreen({ session, view, notice, controller }: ConnectingScreenProps) {
  const { origin } = session;
  const failed = view?.kind === 'ended';
  const fault = (view?.kind === 'ended' ? view.fault : null) ?? notice;
  const where = origin.kind === 'live' ? origin.target.destination : 'the recording';
  const doing = origin.kind === 'live' ? 'Connecting to' : 'Opening';
  const steps = view && 'steps' in view ? view.steps : [];
  return (
    <main className="connecting">
      <div className="connecting-panel">
        <h1>{failed ? endedTitle(origin.kind, where, fault) : `${doing} ${where}`}</h1>
        {origin.kind === 'live' && <StepList steps={steps} />}
        {fault && <FaultCard fault={fault} copyText={controller.copyText} />}
        <div className="connecting-actions">
          {view?.kind === 'ended' && fault && (
            <OpenKept fault={fault} recording={view.recording} controller={controller} />
          )}
          <Actions session={session} failed={failed} controller={controller} />
        </div>
      </div>
      {view?.kind === 'connecting' && view.prompt && (
        <SessionPrompt key={view.prompt.id} prompt={view.prompt} session={session} controller={controller} />
      )}
    </main>
  );
}

function endedTitle(kind: 'live' | 'recording', where: string, fault: Fault | null): string {
  if (!fault)
    return kind === 'live' ? `Disconnected from ${where} before the first samples` : 'The recording was closed';
  return kind === 'live' ? `Could not connect to ${where}` : 'Could not open the recording';
}

function Actions({
  session,
  failed,
  controller,
}: Pick<ConnectingScreenProps, 'session' | 'controller'> & { readonly failed: boolean }) {
  if (!failed) return <Button onClick={() => controller.cancelConnecting()}>Cancel</Button>;
  const again = session.origin.kind === 'live';
  return (
    <>
      <Button onClick={() => controller.leave()}>Back</Button>
      {again && (
        <Button look="primary" onClick={() => controller.connectAgain()}>
          Try again
        </Button>
      )}
    </>
  );
}
