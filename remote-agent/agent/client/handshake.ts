/** What a Hello means. Pure: decides, does nothing. */
import { type Fault, hexText } from '../../protocol/index.ts';
import type { Hello } from '../../protocol/generated/sonde_pb.ts';

export type HelloAnswer =
  | { readonly kind: 'new-run' }
  | { readonly kind: 'resume'; readonly lastSeq: bigint }
  | { readonly kind: 'refuse'; readonly fault: Fault };

export interface CurrentRun {
  readonly id: Uint8Array;
  readonly lastSentSeq: bigint;
  /** Another client is connected and was heard lately. */
  readonly isInUse: boolean;
}

export function answerHello({ runId, lastSeq }: Pick<Hello, 'runId' | 'lastSeq'>, run: CurrentRun | null): HelloAnswer {
  if (runId.length === 0)
    return run?.isInUse ? refuse('agent-start', 'another client is connected to this agent') : { kind: 'new-run' };
  if (!run || hexText(run.id) !== hexText(runId))
    return refuse('out-of-sync', 'the agent does not know this run: it was started anew');
  if (lastSeq > run.lastSentSeq)
    return refuse('out-of-sync', `the client has record ${lastSeq}, the agent has sent ${run.lastSentSeq}`);
  // The link the client had before is dead, or it would not ask: the new one takes over.
  return { kind: 'resume', lastSeq };
}

function refuse(code: Fault['code'], why: string): HelloAnswer {
  return {
    kind: 'refuse',
    fault: { code, message: `cannot go on with this client: ${why}`, hint: 'Connect again: a new run is started.' },
  };
}
