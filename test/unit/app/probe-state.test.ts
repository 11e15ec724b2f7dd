import { expect, test } from 'vitest';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import { lastOptions, optionFacts, probeState } from '../../../renderer/app/workspace/probe-state.ts';

const FAULT = { code: 'kernel-no-bpf', message: 'cannot attach' } as const;
const started = (options: Readonly<Record<string, string>>) =>
  ({ kind: 'started', options, mapBytes: 1, cpus: 2 }) as const;
const events = (...whats: readonly ProbeSignal['what'][]): readonly ProbeSignal[] =>
  whats.map((what, second) => ({ kind: 'probe', probe: 'syscalls', atNs: second * 1e9, what }));

test('the newest event says what a probe is', () => {
  expect(probeState([])).toEqual({ kind: 'unknown' });
  expect(probeState(events(started({ pid: '4' })))).toEqual({ kind: 'running', options: { pid: '4' } });
  expect(probeState(events(started({}), { kind: 'stopped', reason: 'asked to' }))).toEqual({
    kind: 'stopped',
    reason: 'asked to',
  });
  expect(probeState(events(started({}), { kind: 'failed', fault: FAULT }))).toEqual({ kind: 'failed', fault: FAULT });
});

test('a restart goes on with the options of the newest start', () => {
  const whats = [
    started({ pid: '4' }),
    started({ pid: '5' }),
    { kind: 'restarted', reason: 'the loader ended' },
  ] as const;
  expect(probeState(events(...whats))).toEqual({ kind: 'running', options: { pid: '5' } });
  expect(lastOptions(events(...whats, { kind: 'stopped', reason: '' }))).toEqual({ pid: '5' });
});

test('options in the words of the manifest, in its order', () => {
  const manifest = findProbe('cpu-profile');
  expect(manifest && optionFacts(manifest, { pid: '4711', hz: '99', cgroup: '' })).toBe('Rate 99 Hz · Process 4711');
});
