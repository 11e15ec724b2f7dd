import { expect, test } from 'vitest';
import { LogClock } from '../../../electron/recording/log-clock.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

const T = 1_800_000_000_000_000_000n;

test('the axis is that of the workstation, whatever the device believes', () => {
  const clock = new LogClock();
  const frames = framesFromSignals(
    signalsFromStacks('sh;main\nsh;main @1', { realtimeMs: 0, cost: false, startNs: 7e9 }),
  );
  const stamps = frames.map((frame, i) => clock.stamp(frame, T + BigInt(i) * 40_000_000n).logNs - T);
  // device, clock, started, definitions, window, window, stopped: only the first comes from when it arrived.
  expect(stamps).toEqual([0n, 40_000_000n, 40_000_000n, 40_000_000n, 1_040_000_000n, 2_040_000_000n, 2_040_000_000n]);
});

test('a new run is anchored anew: the device was restarted and its monotonic clock began again', () => {
  const clock = new LogClock();
  const before = framesFromSignals(signalsFromStacks('sh;main', { startNs: 5000e9 }));
  const after = framesFromSignals(signalsFromStacks('sh;main', { startNs: 30e9 }));
  for (const frame of before) clock.stamp(frame, T);
  const anchors = after.map((frame) => clock.stamp(frame, T + 90_000_000_000n));
  expect(anchors.map(({ logNs }) => logNs - T)).toEqual(
    [90n, 90n, 90n, 90n, 91n, 91n, 91n].map((s) => s * 1_000_000_000n),
  );
  expect(anchors.filter(({ anchor }) => anchor !== null)).toHaveLength(1);
});

test('neither clock steps on the axis: the device set to 1970, the workstation an hour back, the device asleep', () => {
  const clock = new LogClock();
  const frames = framesFromSignals(
    signalsFromStacks('sh;main\nsh;main @1\nsh;main @2\nsh;main @3', { cost: false, startNs: 7e9 }).map((signal, i) =>
      // Each sample of its clock says something else: 2026, 1970, 2026 …
      signal.kind === 'clock' ? { ...signal, realtimeMs: i * 1e12 } : signal,
    ),
  );
  const steps = [0n, 1n, 2n, -3600n, 7200n, 3n, 4n, 5n, 6n, 7n];
  const stamps = frames.map((frame, i) => clock.stamp(frame, T + (steps[i] ?? 0n) * 1_000_000_000n).logNs);
  const windows = stamps.filter((_, i) => frames[i]?.body.case === 'window');
  // As the device's monotonic clock runs, which stands still while the device sleeps.
  expect(windows.map((ns, i) => ns - (windows[0] ?? 0n) - BigInt(i) * 1_000_000_000n)).toEqual([0n, 0n, 0n, 0n]);
  expect(stamps.toSorted((a, b) => Number(a - b))).toEqual(stamps);
});
