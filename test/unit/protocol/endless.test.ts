/** A device that never stops: what it may make a reader hold has an end. */
import { expect, it } from 'vitest';
import { decodeAgentFrame, FaultError, SignalDecoder } from '../../../remote-agent/protocol/index.ts';
import { ModuleKind } from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import { MAX_MODULES, MAX_STACK_DEPTH } from '../../../remote-agent/protocol/limits.ts';
import { type DefinitionsInit, definitions, device, frame } from './sample-run.ts';

const BATCH = 1 << 12;

function decoderOfRun() {
  const decoder = new SignalDecoder();
  decoder.decode(device);
  return (value: DefinitionsInit) => decoder.decode(frame(2, { case: 'definitions', value }));
}

it('modules without an end are refused at their limit', () => {
  const define = decoderOfRun();
  const batch = (first: number) =>
    Array.from({ length: BATCH }, (_, i) => ({ id: first + i, kind: ModuleKind.EXECUTABLE }));
  for (let first = 1; first + BATCH - 1 <= MAX_MODULES; first += BATCH) define({ modules: batch(first) });
  expect(() => define({ modules: [{ id: MAX_MODULES + 1, kind: ModuleKind.EXECUTABLE }] })).toThrow(FaultError);
});

it('a stack grows in many steps no deeper than one that comes at once', () => {
  const define = decoderOfRun();
  define(definitions);
  // The run's own four nodes; the deepest of them lies under two others.
  let node = 4;
  const deeper = () => {
    define({ firstStack: node + 1, stackParents: [node === 4 ? 0 : node], stackFrames: [1] });
    node += 1;
  };
  for (let depth = 1; depth <= MAX_STACK_DEPTH; depth++) deeper();
  expect(deeper).toThrow(FaultError);
});

it('a frame of messages of two bytes is refused before it is unpacked', () => {
  const empties = new Uint8Array(4 << 20).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
  const head = Uint8Array.of(0x5a, 0x80, 0x80, 0x80, 0x02);
  const payload = new Uint8Array(head.length + empties.length);
  payload.set(head);
  payload.set(empties, head.length);
  expect(() => decodeAgentFrame(payload)).toThrow(/holds more than \d+ things/);
});
