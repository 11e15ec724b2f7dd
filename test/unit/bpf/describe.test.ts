import { describe, expect, test } from 'vitest';
import { CAPTURE_ENDS, CAPTURE_SIZES, CAPTURE_WIRE, CAPTURE_WIRE_VERSION } from '../../../electron/capture/wire.ts';
import { captureWords, MAX_RATE_BYTES, MAX_RATE_PACKETS, SNAP_BYTES } from '../../../electron/capture/request.ts';
import { FAULT_CODES } from '../../../remote-agent/protocol/fault.ts';
import {
  ADDRESS_LENGTH,
  BUILD_ID_FRAME_LENGTH,
  BUILD_ID_LENGTH,
  encodeProcesses,
  MAX_WIRE_FRAMES,
  parseBatchBegin,
  parseCost,
  parseCounters,
  parseReady,
  parseWorker,
  SPACE,
  STACK_HEADER_LENGTH,
  WIRE,
  WIRE_VERSION,
} from '../../../remote-agent/protocol/loader.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('describe', () => {
  const loader = useLoader();
  test('agrees with the manifest of each probe', async () => {
    const { code, stdout } = await loader.run(['describe']);
    expect(code).toBe(0);
    const described = JSON.parse(String(stdout));
    expect(described.machine).toBe(machine);
    expect(described.probes.map((probe: { id: string }) => probe.id)).toEqual(PROBES.map(({ id }) => id));
    for (const [i, { options, usesCallFacts }] of PROBES.entries())
      expect(described.probes[i].options).toEqual([
        ...options.map((option) =>
          option.kind === 'integer'
            ? { name: option.name, kind: 'integer', min: option.min, max: option.max, default: option.default }
            : { name: option.name, kind: 'text', default: option.default },
        ),
        ...(usesCallFacts ? [{ name: 'facts', kind: 'text', default: null }] : []),
      ]);
  });

  test('agrees with the agent about every message', async () => {
    const { wire } = JSON.parse(String((await loader.run(['describe'])).stdout));
    expect(wire.version).toBe(WIRE_VERSION);
    expect(wire.types).toEqual(WIRE);
    expect(wire.spaces).toEqual(SPACE);
    expect([wire.buildIdLength, wire.maxFrames]).toEqual([BUILD_ID_LENGTH, MAX_WIRE_FRAMES]);
    expect([wire.sizes.stack, wire.sizes.frame, wire.sizes.buildIdFrame]).toEqual([
      STACK_HEADER_LENGTH,
      ADDRESS_LENGTH,
      BUILD_ID_FRAME_LENGTH,
    ]);
    // The parsers refuse any other size.
    parseReady(Uint8Array.of(WIRE_VERSION, ...new Uint8Array(wire.sizes.ready - 1)));
    parseBatchBegin(new Uint8Array(wire.sizes.batchBegin));
    parseCounters(new Uint8Array(wire.sizes.counters));
    parseWorker(new Uint8Array(wire.sizes.worker));
    parseCost(new Uint8Array(wire.sizes.cost));
    expect(encodeProcesses(WIRE.known, []).length).toBe(wire.sizes.header);
  });

  test('agrees with the workstation about a capture', async () => {
    const { capture } = JSON.parse(String((await loader.run(['describe'])).stdout));
    const { version, types, sizes, ends } = capture;
    expect({ version, types, sizes }).toEqual({
      version: CAPTURE_WIRE_VERSION,
      types: CAPTURE_WIRE,
      sizes: CAPTURE_SIZES,
    });
    expect(ends).toEqual([...CAPTURE_ENDS.keys()]);
    const options: { name: string; min: number; max: number }[] = capture.options;
    const range = (wanted: string) => options.find(({ name }) => name === wanted);
    expect(range('snap-bytes')).toMatchObject(SNAP_BYTES);
    expect(range('rate-bytes')).toMatchObject({ max: MAX_RATE_BYTES });
    expect(range('rate-packets')).toMatchObject({ max: MAX_RATE_PACKETS });
    const request = {
      filter: 'x',
      interface: 'any',
      snapBytes: 64,
      rateBytes: null,
      ratePackets: null,
      includeOwn: true,
    };
    const said = captureWords('loader', request).filter((word) => word.startsWith('--'));
    for (const word of said) expect(options.map(({ name }) => `--${name}`)).toContain(word);
  });

  test('raises only faults that the protocol knows', async () => {
    const described = JSON.parse(String((await loader.run(['describe'])).stdout));
    for (const code of described.faults) expect(Object.keys(FAULT_CODES)).toContain(code);
  });

  test('has rows whose fields do not overlap and lie inside', async () => {
    for (const { id, rowSize, fields } of JSON.parse(String((await loader.run(['describe'])).stdout)).probes) {
      const taken = new Set<number>();
      for (const { name, offset, size } of fields) {
        for (let at = offset; at < offset + size; at++) {
          expect(taken.has(at), `byte ${at} of ${name} of ${id}`).toBe(false);
          taken.add(at);
        }
        expect(offset + size).toBeLessThanOrEqual(rowSize);
      }
    }
  });

  test('has a field for each column, with its role', async () => {
    const { probes } = JSON.parse(String((await loader.run(['describe'])).stdout));
    const kinds: Record<string, string[]> = {
      thread: ['tgid', 'tid', 'comm', 'cgroup'],
      cpu: ['cpu'],
      file: ['fd'],
    };
    const stacks = ['stack.kernel', 'stack.user', 'stack.user.space'];
    for (const [i, { columns }] of PROBES.entries()) {
      const fields: { name: string; kind: string; role: string }[] = probes[i].fields;
      for (const { name, type, role } of columns) {
        const ofStack = stacks.filter((kind) => kind !== 'stack.kernel' || fields.some((field) => field.kind === kind));
        const wanted = type === 'stack' ? ofStack : kinds[type];
        const found = fields.filter((field) => (wanted ? wanted.includes(field.kind) : field.name === name));
        expect(found.length, `fields for column ${name}`).toBe(wanted?.length ?? 1);
        expect(found.every((field) => field.role === role)).toBe(true);
      }
    }
  });
});
