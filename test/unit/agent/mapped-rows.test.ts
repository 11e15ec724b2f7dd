/** Rows of a loader as rows of a window: equal ones are added, what does not fit is refused or counted as lost. */
import { describe, expect, it } from 'vitest';
import { parseDescription, rowLayout } from '../../../remote-agent/agent/rows/row-layout.ts';
import { findProbe, type ProbeManifest } from '../../../remote-agent/protocol/index.ts';
import { build } from './mapped-rows.ts';
import { BASE, names, proc, program, USER, useNames } from './names-stage.ts';
import * as wire from './wire-writer.mjs';

const manifest = findProbe('cpu-profile') as ProbeManifest;
const layout = rowLayout(parseDescription(JSON.stringify(wire.DESCRIPTION)), manifest);

useNames();

describe('counts', () => {
  it('of rows that become equal are added, and all counters arrive', () => {
    proc.put(42, { maps: [program()] });
    const same = { ...USER, hash: 8 };
    names.batch({
      stacks: [USER, same],
      rows: [
        { tgid: 42, user: 7, samples: 3 },
        { tgid: 42, user: 8, samples: 4 },
      ],
      extra: { idle: 5, filtered: 6, mapFull: 7, stacksFull: 8, incomplete: 1 },
    });
    expect(names.view.windows[0]).toMatchObject({
      rows: 1,
      counters: {
        seen: 33,
        kept: 7,
        idle: 5,
        filtered: 6,
        lost: [
          { cause: 'map-full', count: 7 },
          { cause: 'stacks-full', count: 8 },
        ],
        incompleteStacks: 1,
      },
    });
    expect(names.told[0]).toMatch(/ 7$/);
  });

  it('of one stack at several times stay apart, under one node', () => {
    proc.put(42, { maps: [program()] });
    proc.put(43, { maps: [program()] });
    names.batch({
      stacks: [USER],
      rows: [
        { tgid: 42, user: 7, samples: 3, slot: 99 },
        { tgid: 43, user: 7, samples: 1, slot: 99 },
        { tgid: 42, user: 7, samples: 4, slot: 101 },
        { tgid: 42, user: 7, samples: 5, slot: 99 },
      ],
    });
    const [threads, , stacks, samples, slots] = names.view.windows[0]?.columns ?? [];
    expect([samples, slots].map((column) => [...(column as Uint32Array)])).toEqual([
      [8, 1, 4],
      [99, 99, 101],
    ]);
    expect(threads?.[0]).toBe(threads?.[2]);
    expect(stacks?.[0]).toBe(stacks?.[2]);
  });

  it('of stacks the batch does not have are kept without them', () => {
    names.batch({ rows: [{ tgid: 42, user: 9, samples: 3 }] });
    expect(names.told).toEqual(['task():  3']);
    expect(names.view.windows[0]?.counters.incompleteStacks).toBe(3);
  });

  it('that nothing can be named for any more are lost, and said to be', () => {
    proc.put(42, { maps: [program()] });
    names.batch({ stacks: [USER], rows: [{ tgid: 42, user: 7, samples: 3 }] });
    names.dictionary.isFrozen = true;
    const fresh = { ...USER, hash: 8, frames: [BASE + 0x210] };
    names.batch({
      stacks: [USER, fresh],
      rows: [
        { tgid: 42, user: 7, samples: 3 },
        { tgid: 42, user: 8, samples: 5 },
        { tgid: 42, tid: 99, user: 7, samples: 6 },
      ],
    });
    expect(names.view.windows[1]?.counters).toMatchObject({
      seen: 14,
      kept: 3,
      lost: [{ cause: 'spool-full', count: 11 }],
    });
    expect(names.told).toHaveLength(2);
  });

  it('that do not add up are refused', () => {
    const bytes: Buffer = wire.batch({ number: 0, from: 1, to: 2, rows: [{ tgid: 1 }] } as never);
    const counters = bytes.indexOf(wire.counters([{ samples: 1 }]));
    bytes.writeBigUInt64LE(9n, counters);
    expect(() => names.mapper.map(build(bytes), 0)).toThrow('9 events seen, 1 accounted for');
  });

  it('from rows or stacks that do not fit are refused', () => {
    const { stacks, rows, ...rest } = build(
      wire.batch({ number: 0, from: 1, to: 2, stacks: [USER], rows: [{ tgid: 42, user: 7 }] } as never),
    );
    expect(() => names.mapper.map({ ...rest, stacks, rows: [rows[0]?.subarray(1) ?? new Uint8Array(0)] }, 0)).toThrow(
      '71 bytes',
    );
    expect(() =>
      names.mapper.map({ ...rest, rows, stacks: [stacks[0]?.subarray(0, 20) ?? new Uint8Array(0)] }, 0),
    ).toThrow('does not fit');
  });
});

describe('the layout of rows', () => {
  const description = (change: (probe: { rowSize: number; fields: { name: string; kind: string }[] }) => void) => {
    const copy = structuredClone(wire.DESCRIPTION);
    change(copy.probes[0] as never);
    return parseDescription(JSON.stringify(copy));
  };

  it('comes from the loader', () => {
    expect(layout).toMatchObject({ size: 72, tgid: 24, comm: 40, life: -1, userSpace: 36 });
  });

  it('that does not fit the manifest is refused', () => {
    expect(() =>
      rowLayout(
        description((probe) => (probe.rowSize = 60)),
        manifest,
      ),
    ).toThrow('outside of the row');
    expect(() =>
      rowLayout(
        description((probe) => probe.fields.splice(9, 1)),
        manifest,
      ),
    ).toThrow('no field for column samples');
    expect(() => rowLayout({ wire: { version: 1 }, machine: '', probes: [] }, manifest)).toThrow('no such probe');
    expect(() => parseDescription('{"wire":{"version":2}}')).toThrow('speaks version 2');
    expect(() => parseDescription('usage: loader')).toThrow('does not describe itself');
  });
});
