import { describe, expect, it } from 'vitest';
import { answerHello } from '../../../remote-agent/agent/client/handshake.ts';

describe('a Hello', () => {
  const run = { id: Uint8Array.of(1, 2), lastSentSeq: 10n, isInUse: false };
  const NEW = new Uint8Array(0);

  it.each([
    ['first client', NEW, 0n, null, 'new-run'],
    ['new client after one that left', NEW, 0n, run, 'new-run'],
    ['new client while another is there', NEW, 0n, { ...run, isInUse: true }, 'refuse'],
    ['its client comes back', run.id, 4n, run, 'resume'],
    ['its client comes back while the old link seems alive', run.id, 4n, { ...run, isInUse: true }, 'resume'],
    ['with everything', run.id, 10n, run, 'resume'],
    ['with more than there is', run.id, 11n, run, 'refuse'],
    ['of another run', Uint8Array.of(9), 0n, run, 'refuse'],
    ['of a run before this agent', run.id, 0n, null, 'refuse'],
  ] as const)('%s', (_what, runId, lastSeq, current, kind) => {
    expect(answerHello({ runId, lastSeq }, current).kind).toBe(kind);
  });
});
