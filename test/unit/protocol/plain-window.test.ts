/** The quick way of reading a window and the ordinary one are of one mind, whatever the bytes are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentFrame,
  faultOf,
  frameFromRecord,
  recordBytes,
  type Signal,
  SignalDecoder,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { dnsWindow, dropWindow, flowDef, flowWindow } from '../../fixtures/flows.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

const CALLS = signalsFromCalls('sh read - 12 7\nsh openat ENOENT ? 2\ncron read - 40 1');
const PROFILE = signalsFromStacks('nginx;main;work 3\nnginx;main 1', { lost: { 'map-full': 2 }, idle: 4 });
const FLOWS: readonly Signal[] = [
  ...signalsFromStacks('nginx;main 1'),
  definitionsOf({ firstStack: 2, flows: [flowDef({ id: 1 }), flowDef({ id: 2 })] }),
  flowWindow(
    1001e9,
    1002e9,
    [
      { flow: 2, sent: 5 },
      { flow: 1, received: 2 ** 40 },
    ],
    3,
  ),
  dnsWindow(1001e9, 1002e9, [{ thread: 1, flow: 2, at: 1001.5e9, incoming: 0, message: Uint8Array.of(1, 2, 3) }]),
  dropWindow(1001e9, 1002e9, [{ where: 2, cause: 'NO_SOCKET', packets: 4 }]),
];

/** A decoder that knows the tables, and the windows as they stand in a file. */
function read(signals: readonly Signal[]): { decoder: () => SignalDecoder; windows: Uint8Array[] } {
  const frames = framesFromSignals(signals);
  const isWindow = ({ body }: AgentFrame) => body.case === 'window';
  const decoder = () => {
    const made = new SignalDecoder();
    for (const frame of frames) if (!isWindow(frame)) made.decode(frame);
    return made;
  };
  return { decoder, windows: frames.filter(isWindow).map(recordBytes) };
}

/** null where it raises a fault. */
function ordinary(decoder: SignalDecoder, bytes: Uint8Array): Signal | null {
  try {
    return decoder.decode(frameFromRecord('window', bytes));
  } catch (error) {
    if (!faultOf(error)) throw error;
    return null;
  }
}

test('windows that are added up are read at once, and as they are', () => {
  for (const signals of [CALLS, PROFILE, FLOWS]) {
    const { decoder, windows } = read(signals);
    const counted = ['syscalls', 'cpu-profile', 'net-flows'];
    for (const bytes of windows) {
      const plain = decoder().plainWindow(bytes);
      const window = ordinary(decoder(), bytes) as WindowSignal;
      expect(plain).toEqual(counted.includes(window.probe) ? window : null);
    }
  }
});

describe('what is out of the ordinary is left to the ordinary way', () => {
  test('ids that are not told yet', () => {
    const { windows } = read(PROFILE);
    expect(new SignalDecoder().plainWindow(windows[0] as Uint8Array)).toBeNull();
  });

  test('fields that a newer Sonde has put there', () => {
    const { decoder, windows } = read(CALLS);
    const bytes = windows[0] as Uint8Array;
    expect(decoder().plainWindow(bytes)).not.toBeNull();
    const newer = Uint8Array.of(...bytes, ((99 << 3) & 0x7f) | 0x80, (99 << 3) >> 7, 1);
    expect(ordinary(decoder(), newer)).not.toBeNull();
    expect(decoder().plainWindow(newer)).toBeNull();
  });

  test('bytes that were changed: the same window, or none', () => {
    for (const signals of [CALLS, PROFILE, FLOWS]) {
      const { decoder, windows } = read(signals);
      const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(fc.constantFrom(...windows), changes, fc.nat(), (bytes, changed, cut) => {
          const copy = bytes.slice(0, cut % 4 === 0 ? cut % (bytes.length + 1) : bytes.length);
          for (const [at, value] of changed) copy[at % bytes.length] = value;
          const plain = decoder().plainWindow(copy);
          if (plain) expect(plain).toEqual(ordinary(decoder(), copy));
        }),
        { numRuns: 400, seed: 7 },
      );
    }
  });
});
