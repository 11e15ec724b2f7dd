/** What is kept beside a session's recording, with a session that only remembers. */
import { expect, test, vi } from 'vitest';
import type { FlightView, Mark } from '../../../electron/bridge/contract.ts';
import { FlightDesk } from '../../../electron/host/flight-desk.ts';
import type { ReachedDevice } from '../../../electron/session/index.ts';
import { type Fault, FaultError } from '../../../remote-agent/protocol/index.ts';
import { FakeClock } from '../session/fake-clock.ts';

type Kept = (seconds: number) => Promise<{ file: string; seconds: number }>;

/** `listed`: what the device answers when it is asked for its recordings; null = it cannot be reached. */
function stage(keepLast: Kept, listed: (() => string) | null = null) {
  const clock = new FakeClock();
  const views: FlightView[] = [];
  const marks: Mark[] = [];
  const faults: Fault[] = [];
  const triggers: (readonly string[])[] = [];
  const exec = async () => ({ code: 0, stdout: Buffer.from(listed?.() ?? ''), stderr: Buffer.alloc(0) });
  const device = listed && ({ shell: { exec } } as unknown as ReachedDevice);
  const desk = new FlightDesk({
    destination: 'root@box',
    folder: '/nowhere',
    session: () => ({ device: () => device, keepLast, setTriggers: (all) => void triggers.push(all) }),
    clock,
    show: (view) => views.push(view),
    fail: (fault) => faults.push(fault),
    mark: (mark) => marks.push(mark),
  });
  return { clock, desk, views, marks, faults, triggers };
}

const fired = { kind: 'note', atNs: 5e9, text: 'cpu>80%: 93 %', trigger: 'cpu>80%' } as const;

test('what just happened is kept and listed; a failure is told', async () => {
  const outcomes = [{ file: '/r/one.mcap', seconds: 58.7 }];
  const { desk, views, faults, clock } = stage(async () => {
    const outcome = outcomes.shift();
    if (!outcome) throw new FaultError({ code: 'bad-option', message: 'nothing' });
    return outcome;
  });
  desk.keepLast(60);
  await clock.pass(1);
  expect(views.some(({ busy }) => busy?.text === 'keeping what just happened')).toBe(true);
  expect(views.at(-1)).toMatchObject({ busy: null, kept: [{ file: '/r/one.mcap', text: 'kept 59 s in' }] });
  desk.keepLast(60);
  await clock.pass(1);
  expect(faults).toEqual([{ code: 'bad-option', message: 'nothing' }]);
  expect(views.at(-1)?.busy).toBeNull();
});

test('a trigger that fires is marked, and what is around it is kept a little later', async () => {
  const keepLast = vi.fn(async () => ({ file: '/r/burst.mcap', seconds: 45 }));
  const { desk, views, marks, triggers, clock } = stage(keepLast);
  desk.setTriggers(['cpu>80%'], true);
  expect(triggers).toEqual([['cpu>80%']]);
  desk.take([{ kind: 'note', atNs: 1e9, text: 'words of the agent' }, fired]);
  expect(marks).toEqual([{ id: expect.any(String), fromNs: 5e9, toNs: 5e9, text: 'cpu>80%: 93 %', by: 'trigger' }]);
  await clock.pass(10_000);
  expect(keepLast).not.toHaveBeenCalled();
  await clock.pass(10_000);
  expect(keepLast).toHaveBeenCalledTimes(1);
  expect(views.at(-1)?.kept[0]?.text).toBe('cpu>80%: kept 45 s in');
});

test('without that wish it is only marked, and nothing runs on after the end', async () => {
  const keepLast = vi.fn(async () => ({ file: '/r/burst.mcap', seconds: 45 }));
  const { desk, marks, clock } = stage(keepLast);
  desk.setTriggers(['cpu>80%'], false);
  desk.take([fired]);
  await clock.pass(60_000);
  expect(marks.length).toBe(1);
  desk.setTriggers(['cpu>80%'], true);
  desk.take([{ ...fired, atNs: 90e9 }]);
  await desk.close();
  await clock.pass(60_000);
  expect(keepLast).not.toHaveBeenCalled();
});

test('what is left of a session that broke off is found when its agent gives up, after this one has begun', async () => {
  const id = '20261123-010203-abcdef';
  const status = { id, origin: 'session', state: 'ended', reason: 'the client did not come back in time', seconds: 90 };
  let answer = 'looked\n';
  const { desk, views, clock } = stage(
    async () => ({ file: '', seconds: 0 }),
    () => answer,
  );
  desk.live();
  await clock.pass(1);
  expect(views.at(-1)?.waiting).toEqual([]);
  answer = `flight /var/lib/sonde/flight/${id} 4000 0\nsonde-status ${JSON.stringify(status)}\nlooked\n`;
  await clock.pass(120_000);
  expect(views.at(-1)).toMatchObject({ busy: null, waiting: [{ id, brokeOff: true, seconds: 90, bytes: 4000 }] });
  await desk.close();
});
