import { describe, expect, test } from 'vitest';
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
import { cpuProfile } from '../../../remote-agent/protocol/probes/cpu-profile.ts';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('describe', () => {
  const loader = useLoader();
  test('agrees with the manifest of each probe', async () => {
    const { code, stdout } = await loader.run(['describe']);
    expect(code).toBe(0);
    const described = JSON.parse(String(stdout));
    expect(described.machine).toBe(machine);
    expect(described.probes.map((probe: { id: string }) => probe.id)).toEqual([cpuProfile.id]);
    expect(described.probes[0].options).toEqual(
      cpuProfile.options.map((option) =>
        option.kind === 'integer'
          ? { name: option.name, kind: 'integer', min: option.min, max: option.max, default: option.default }
          : { name: option.name, kind: 'text', default: option.default },
      ),
    );
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

  test('raises only faults that the protocol knows', async () => {
    const described = JSON.parse(String((await loader.run(['describe'])).stdout));
    for (const code of described.faults) expect(Object.keys(FAULT_CODES)).toContain(code);
  });

  test('has rows whose fields do not overlap and lie inside', async () => {
    const { rowSize, fields } = JSON.parse(String((await loader.run(['describe'])).stdout)).probes[0];
    const taken = new Set<number>();
    for (const { name, offset, size } of fields) {
      for (let at = offset; at < offset + size; at++) {
        expect(taken.has(at), `byte ${at} of ${name}`).toBe(false);
        taken.add(at);
      }
      expect(offset + size).toBeLessThanOrEqual(rowSize);
    }
    expect(fields.map((field: { kind: string }) => field.kind)).toEqual(
      expect.arrayContaining(['tgid', 'tid', 'comm', 'cpu', 'stack.kernel', 'stack.user', 'stack.user.space']),
    );
  });
});
