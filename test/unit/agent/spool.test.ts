import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CountersSchema,
  type Definitions,
  DefinitionsSchema,
  type Window,
} from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import { decodeAgentFrame, findProbe, type ProbeManifest, WindowSum } from '../../../remote-agent/protocol/index.ts';
import { Spool, type SpoolRecord } from '../../../remote-agent/agent/client/spool.ts';
import {
  costRecord,
  definitionsRecord,
  noteRecord,
  probeEventRecord,
  windowRecord,
} from '../../../remote-agent/agent/records.ts';

const manifest = findProbe('cpu-profile') as ProbeManifest;

/** Rows are [thread, samples]; one CPU, no stacks. */
function windowOf(second: number, rows: readonly (readonly [number, number])[] = [[1, 1]]): WindowSum {
  const kept = BigInt(rows.reduce((sum, [, samples]) => sum + samples, 0));
  const window = new WindowSum(manifest, {
    fromNs: BigInt(second),
    toNs: BigInt(second + 1),
    counters: create(CountersSchema, { seen: kept + 1n, kept, idle: 1n }),
    drains: 1,
  });
  for (const [thread, samples] of rows) {
    const row = window.nextRow();
    for (const [i, cell] of [thread, 0, 0, samples].entries()) (window.columns[i] as Uint32Array)[row] = cell;
    window.commit();
  }
  return window;
}

const windowAt = (second: number, rows?: readonly (readonly [number, number])[]) =>
  windowRecord(windowOf(second, rows));
const definition = (id: number): SpoolRecord =>
  definitionsRecord(create(DefinitionsSchema, { threads: [{ id, process: 1, tid: id }] }), null);
const restarted = probeEventRecord('cpu-profile', 0n, { case: 'restarted', value: { reason: 'x' } });

/** What a record says, short: "w0-1" = window from 0 to 1, "d3" = definition 3, "n" = note … */
function told(frame: Uint8Array): string {
  const { seq, body } = decodeAgentFrame(frame);
  const what =
    body.case === 'window'
      ? `w${body.value.fromNs}-${body.value.toNs}`
      : body.case === 'definitions'
        ? `d${body.value.threads[0]?.id}`
        : body.case?.[0];
  return `${seq}:${what}`;
}

function drain(spool: Spool): string[] {
  const sent: string[] = [];
  for (let record = spool.take(); record; record = spool.take()) sent.push(told(record.frame));
  return sent;
}

describe('the spool, state by state', () => {
  it('gives records their numbers when they are first sent', () => {
    const spool = new Spool();
    spool.push(definition(1), false);
    spool.push(windowAt(0), false);
    expect(spool.lastSentSeq).toBe(0n);
    expect(drain(spool)).toEqual(['1:d1', '2:w0-1']);
    expect(spool.lastSentSeq).toBe(2n);
    expect(spool.take()).toBeNull();
  });

  it('holds back when enough is under way, until it is confirmed', () => {
    const spool = new Spool(1 << 20, 310);
    for (let second = 0; second < 4; second++) spool.push(windowAt(second), false);
    expect(drain(spool)).toEqual(['1:w0-1', '2:w1-2', '3:w2-3']);
    expect(spool.isBlocked).toBe(true);
    expect(spool.ack(2n)).toBe(true);
    expect(drain(spool)).toEqual(['4:w3-4']);
  });

  it.each([
    ['everything was seen', 3n, []],
    ['one was lost', 2n, ['3:w2-3']],
    ['nothing was seen', 0n, ['1:w0-1', '2:w1-2', '3:w2-3']],
    ['of what was confirmed, one more was seen', 1n, ['2:w1-2', '3:w2-3']],
  ])('resumes where the client is: %s', (_what, lastSeq, again) => {
    const spool = new Spool();
    for (let second = 0; second < 3; second++) spool.push(windowAt(second), false);
    drain(spool);
    expect(spool.resume(lastSeq)?.map(({ frame }) => told(frame))).toEqual(again);
    spool.push(windowAt(3), false);
    expect(drain(spool)).toEqual(['4:w3-4']);
  });

  it('refuses a client that has what was never sent', () => {
    const spool = new Spool();
    spool.push(windowAt(0), false);
    drain(spool);
    expect(spool.ack(2n)).toBe(false);
    expect(spool.resume(2n)).toBeNull();
    expect(spool.bytes).toBeGreaterThan(0);
  });

  it('merges what waits while the link is slow, and sends names before who uses them', () => {
    const spool = new Spool(1 << 20, 1);
    spool.push(windowAt(0), false);
    expect(drain(spool)).toEqual(['1:w0-1']);
    for (let second = 1; second < 4; second++) {
      spool.push(definition(second), true);
      spool.push(windowAt(second), true);
    }
    spool.ack(1n);
    expect(drain(spool)).toEqual(['2:d1']);
    spool.ack(2n);
    expect(drain(spool)).toEqual(['3:d2']);
    spool.ack(3n);
    expect(drain(spool)).toEqual(['4:d3']);
    spool.ack(4n);
    expect(drain(spool)).toEqual(['5:w1-4']);
  });

  it('never merges what was sent, nor across an event of the probe', () => {
    const spool = new Spool(1 << 20, 1);
    spool.push(windowAt(0), true);
    drain(spool);
    spool.push(windowAt(1), true);
    spool.push(windowAt(2), true);
    spool.push(restarted, true);
    spool.push(windowAt(3), true);
    spool.push(windowAt(4), true);
    const sent: string[] = [];
    for (let seq = 1n; seq < 5n; seq++) {
      spool.ack(seq);
      sent.push(...drain(spool));
    }
    expect(sent).toEqual(['2:w1-3', '3:p', '4:w3-5']);
  });

  it('keeps all windows of an absent client apart until its bound, then halves their resolution', () => {
    const one = windowAt(5);
    const room = 8 * (one.body.length + 96) + 30;
    const spool = new Spool(room);
    for (let second = 0; second < 8; second++) spool.push(windowAt(second), false);
    spool.push(windowAt(8), false);
    expect(spool.isFull).toBe(false);
    expect(drain(spool)).toEqual(['1:w0-2', '2:w2-3', '3:w3-4', '4:w4-5', '5:w5-6', '6:w6-7', '7:w7-8', '8:w8-9']);
    const longer = new Spool(room);
    for (let second = 0; second < 32; second++) longer.push(windowAt(second), false);
    const spans = drain(longer).map((text) => Number(text.split('-')[1]) - Number(/w(\d+)/.exec(text)?.[1]));
    expect(spans.reduce((sum, span) => sum + span, 0)).toBe(32);
    expect(Math.max(...spans)).toBeLessThanOrEqual(16);
  });

  it('merges costs by adding what adds up', () => {
    const spool = new Spool(1 << 20, 1);
    spool.push(noteRecord(0n, 'first'), false);
    drain(spool);
    const level = { agentResidentBytes: 0n, sentBytes: 10n, agentCpuNs: 3n };
    spool.push(costRecord({ fromNs: 0n, toNs: 2n, ...level, agentResidentBytes: 50n }), true);
    spool.push(costRecord({ fromNs: 2n, toNs: 4n, ...level, agentResidentBytes: 60n }), true);
    spool.ack(1n);
    const { body } = decodeAgentFrame(spool.take()?.frame ?? new Uint8Array(0));
    expect(body.value).toMatchObject({ fromNs: 0n, toNs: 4n, agentCpuNs: 6n, sentBytes: 20n, agentResidentBytes: 60n });
  });

  it('is full when nothing is left to merge, and says so', () => {
    const spool = new Spool(500);
    for (let id = 1; id < 6; id++) spool.push(definition(id), false);
    expect(spool.isFull).toBe(true);
    expect(spool.isOverfull).toBe(false);
    for (let id = 6; id < 12; id++) spool.push(definition(id), false);
    expect(spool.isOverfull).toBe(true);
    spool.push(windowAt(0), false);
    const empty = windowOf(1);
    empty.empty('spool-full');
    spool.push(windowRecord(empty), false);
    const frames: string[] = [];
    for (let record = spool.take(); record; record = spool.take()) frames.push(told(record.frame));
    expect(frames.slice(0, 11)).toEqual(Array.from({ length: 11 }, (_, i) => `${i + 1}:d${i + 1}`));
    expect(frames.at(-1)).toBe('12:w0-2');
  });
});

/** A client that hears until the link is cut, and says what it has when it is back. */
class Listener {
  lastSeq = 0n;
  seen = 0n;
  readonly perThread = new Map<number, number>();
  readonly defined = new Set<number>();
  lastToNs = 0n;

  hear(frame: Uint8Array): void {
    const { seq, firstSeq, body } = decodeAgentFrame(frame);
    expect(firstSeq || seq).toBe(this.lastSeq + 1n);
    this.lastSeq = seq;
    if (body.case === 'definitions') this.define(body.value);
    if (body.case === 'window') this.add(body.value);
  }

  private define({ threads }: Definitions): void {
    for (const { id } of threads) {
      expect(id).toBe(this.defined.size + 1);
      this.defined.add(id);
    }
  }

  private add(window: Window): void {
    expect(window.fromNs).toBe(this.lastToNs);
    this.lastToNs = window.toNs;
    this.seen += window.counters?.seen ?? 0n;
    for (const [i, thread] of (window.columns[0]?.u32 ?? []).entries()) {
      expect(this.defined.has(thread)).toBe(true);
      this.perThread.set(thread, (this.perThread.get(thread) ?? 0) + (window.columns[3]?.u32[i] ?? 0));
    }
  }
}

describe('the spool under any cuts', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('measure' as const),
        threads: fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 9 })), { maxLength: 5 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 0, max: 4 }) }) },
    { weight: 2, arbitrary: fc.constant({ do: 'confirm' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'cut' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'resume' as const }) },
  );

  it('tells the client everything exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 200, max: 3000 }),
        fc.integer({ min: 1, max: 800 }),
        (steps, bound, inFlight) => {
          const spool = new Spool(bound, inFlight);
          const client = new Listener();
          const produced = new Map<number, number>();
          let seen = 0n;
          let defined = 0;
          let second = 0;
          let isLinked = true;
          /** Sent and not yet arrived; lost when the link is cut. */
          let onTheWay: Uint8Array[] = [];
          const pump = () => {
            for (let record = isLinked ? spool.take() : null; record; record = spool.take())
              onTheWay.push(record.frame);
          };
          const act = (one: (typeof steps)[number]) => {
            if (one.do === 'measure') {
              // Thread 0 stands for a new one.
              const rows = one.threads.map(([thread, samples]) => {
                if (thread > 0 && thread <= defined) return [thread, samples] as const;
                spool.push(definition(++defined), isLinked && spool.isBlocked);
                return [defined, samples] as const;
              });
              for (const [thread, samples] of rows) produced.set(thread, (produced.get(thread) ?? 0) + samples);
              const window = windowOf(second++, rows);
              seen += window.counters.seen;
              spool.push(windowRecord(window), isLinked && spool.isBlocked);
            }
            if (one.do === 'deliver') for (const frame of onTheWay.splice(0, one.count)) client.hear(frame);
            if (one.do === 'confirm' && isLinked) expect(spool.ack(client.lastSeq)).toBe(true);
            if (one.do === 'cut') {
              isLinked = false;
              onTheWay = [];
            }
            if (one.do === 'resume') {
              isLinked = true;
              onTheWay = (spool.resume(client.lastSeq) ?? []).map(({ frame }) => frame);
            }
            pump();
          };
          for (const one of steps) act(one);
          act({ do: 'resume' });
          while (onTheWay.length > 0) {
            act({ do: 'deliver', count: 1 });
            act({ do: 'confirm' });
          }
          expect(client.perThread).toEqual(produced);
          expect(client.seen).toBe(seen);
          expect(client.lastToNs).toBe(BigInt(second));
          expect(client.defined.size).toBe(defined);
          expect(spool.bytes).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
