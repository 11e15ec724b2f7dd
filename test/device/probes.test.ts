/** Several probes in one session, on a real kernel over a real link: started, stopped, cut off, and started again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProbeSignal, WindowSignal } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { leftOn, type WatchedSession, watchSession } from './watched-session.ts';

const CPU = { probe: 'cpu-profile', options: {} };
const CALLS = { probe: 'syscalls', options: {} };
const PATIENCE = { timeout: 180_000, interval: 200 };

let box: Box;
let clean = '';
let watched: WatchedSession;
beforeAll(async () => {
  box = await bootBox({ variant: 'node' });
  clean = await leftOn(box);
  watched = watchSession(box, { probes: [CPU, CALLS], leaseS: 120 });
});
afterAll(async () => {
  await watched?.finish();
  watched?.dispose();
  await box?.stop();
});

const of = (probe: string, windows: readonly WindowSignal[] = watched.windows()): WindowSignal[] =>
  windows.filter((window) => window.probe === probe);
const said = (): string[] =>
  watched.signals
    .filter((signal): signal is ProbeSignal => signal.kind === 'probe')
    .map(({ probe, what }) => `${probe} ${what.kind}`);

async function moreOf(probe: string, count = 2): Promise<void> {
  const wanted = of(probe).length + count;
  await expect.poll(() => of(probe).length, PATIENCE).toBeGreaterThanOrEqual(wanted);
}

/** Each begins where the one before ended, and accounts for all that was seen. */
function expectSeamless(windows: readonly WindowSignal[]): void {
  for (const [i, { fromNs, counters }] of windows.entries()) {
    if (i > 0) expect(fromNs, `window ${i}`).toBe(windows[i - 1]?.toNs);
    const { seen, kept, idle, filtered, lost } = counters;
    expect(lost.reduce((sum, { count }) => sum + count, kept + idle + filtered)).toBe(seen);
  }
}

test('both run, one is stopped and started with other options, and the other does not notice', async () => {
  await watched.until('live', ({ kind }) => kind === 'live');
  await moreOf('cpu-profile');
  await moreOf('syscalls');
  watched.session.stopProbe('cpu-profile');
  await expect.poll(said, PATIENCE).toContain('cpu-profile stopped');
  const stopped = of('cpu-profile').length;
  await moreOf('syscalls', 3);
  expect(of('cpu-profile')).toHaveLength(stopped);
  watched.session.startProbe('cpu-profile', { hz: '49' });
  await moreOf('cpu-profile');
  const started = watched.signals.findLast(
    (signal): signal is ProbeSignal => signal.kind === 'probe' && signal.what.kind === 'started',
  );
  expect(started).toMatchObject({ probe: 'cpu-profile', what: { options: { hz: '49' } } });
  expectSeamless(of('syscalls'));
});

test('a link that is cut costs neither of them anything', async () => {
  const before = of('cpu-profile').length;
  await box.setLink(false);
  await watched.until('reconnecting', ({ kind }) => kind === 'reconnecting');
  await box.setLink(true);
  await watched.until('live again', ({ kind }) => kind === 'live');
  await moreOf('cpu-profile');
  await moreOf('syscalls');
  expectSeamless(of('syscalls'));
  expectSeamless(of('cpu-profile').slice(before - 1));
});

test('an agent that is killed is started again with what the user wants now', async () => {
  watched.session.stopProbe('cpu-profile');
  await expect.poll(() => said().filter((one) => one === 'cpu-profile stopped').length, PATIENCE).toBe(2);
  const before = said().length;
  await box.ssh("kill -9 $(pgrep -f 'agent-[0-9a-f]*.cjs serve' | head -1)");
  await watched.until('reconnecting', ({ kind }) => kind === 'reconnecting');
  await watched.until('live again', ({ kind }) => kind === 'live');
  await moreOf('syscalls');
  expect(said().slice(before)).toEqual(['syscalls started']);
});

test('the recording has everything of both, and nothing is left on the box', async () => {
  const { fault } = await watched.finish();
  expect(fault).toBeNull();
  const recorded = await watched.recorded();
  for (const { probe } of [CPU, CALLS]) {
    const kept = (windows: readonly WindowSignal[]): number =>
      of(probe, windows).reduce((sum, { counters }) => sum + counters.kept, 0);
    expect(kept(recorded)).toBe(kept(watched.windows()));
    expect(kept(recorded)).toBeGreaterThan(0);
  }
  // The killed agent's folder stays until the next installation looks; its processes and programs do not.
  const left = async (): Promise<string> => (await leftOn(box)).replace(/^[0-9a-f]{12}\n/, '');
  await expect.poll(left, { timeout: 180_000, interval: 2000 }).toBe(clean);
});
