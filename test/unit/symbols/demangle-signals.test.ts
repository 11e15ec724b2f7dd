import { expect, test } from 'vitest';
import { demangleSignals } from '../../../electron/symbols/index.ts';
import type { DefinitionsSignal, Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';

const isDefinitions = (signal: Signal): signal is DefinitionsSignal => signal.kind === 'definitions';

test('names become readable, all else stays', () => {
  const signals = signalsFromStacks('app;main;_ZN3foo3barEv@libfoo.so 3');
  const readable = demangleSignals(signals);
  expect(readable.find(isDefinitions)?.frames.map((frame) => frame.name)).toEqual(['main', 'foo::bar()']);
  expect(readable.filter((signal) => !isDefinitions(signal))).toEqual(
    signals.filter((signal) => !isDefinitions(signal)),
  );
  expect(signals.find(isDefinitions)?.frames[1]?.name).toBe('_ZN3foo3barEv');
});

test('names that come late become readable too', () => {
  const [late] = demangleSignals([definitionsOf({ names: [{ frame: 1, name: '_RNvC3foo3bar', interpreted: false }] })]);
  expect(late).toMatchObject({ names: [{ frame: 1, name: 'foo::bar' }] });
});
