/** `sonde record --unattended` and `sonde fetch` with a device that answers as the test says. */
import { expect, test } from 'vitest';
import type { Rooms } from '../../../electron/cli/index.ts';
import type { FoundUnattended } from '../../../electron/device/index.ts';
import type { UnattendedPlan, UnattendedStatus } from '../../../remote-agent/protocol/index.ts';
import { fakeWorld, sonde } from './fake-world.ts';

const STATUS: UnattendedStatus = {
  origin: 'order',
  id: '20261123-010203-abcdef',
  state: 'ended',
  reason: 'its time is over',
  hostname: 'edge-7',
  destination: 'box',
  pid: 12,
  startedMs: 1_700_000_000_000,
  seconds: 7200,
  bytes: 5e6,
  maxBytes: 2e8,
  forS: 7200,
  probes: ['cpu-profile'],
  failures: [],
  triggers: [],
  firings: 0,
};
const ENDED: FoundUnattended = { id: STATUS.id, folder: '/f/1', bytes: 5e6, pid: 0, status: STATUS };
const RUNNING: FoundUnattended = {
  id: '20261124-010203-abcdef',
  folder: '/f/2',
  bytes: 1e6,
  pid: 12,
  status: { ...STATUS, id: '20261124-010203-abcdef', state: 'recording', reason: '' },
};

function device(found: readonly FoundUnattended[] = [], started: Partial<UnattendedStatus> = {}) {
  const log: string[] = [];
  const plans: UnattendedPlan[] = [];
  let all = found;
  const rooms = {
    connect: async () => ({ close: async () => undefined }),
    detect: async () => ({ arch: 'x86_64', sudo: 'root', places: [] }),
    becomeRoot: async () => ({ places: [] }),
    findArtifacts: async () => ({}),
    install: async () => ({}),
    startUnattended: async (_root: unknown, _installation: unknown, plan: UnattendedPlan) => {
      plans.push(plan);
      return { ...STATUS, id: plan.id, state: 'recording', reason: '', ...started };
    },
    listUnattended: async () => all,
    stopUnattended: async (_root: unknown, { id }: FoundUnattended) => {
      log.push(`stop ${id}`);
      all = all.map((each) => (each.id === id ? { ...each, pid: 0 } : each));
    },
    deleteUnattended: async (_root: unknown, { id }: FoundUnattended) => void log.push(`delete ${id}`),
    fetchUnattended: async (
      _root: unknown,
      { id }: FoundUnattended,
      { file, part }: { file: string; part: string },
    ) => {
      log.push(`fetch ${id} ${file} ${part}`);
      return { bytes: 7e6, records: 900, windows: 800, gaps: 0, damagedBytes: 0, leftOut: 0 };
    },
  } as unknown as Partial<Rooms>;
  return { log, plans, world: () => fakeWorld({ rooms, cwd: '/here' }) };
}

test('the device is told what to record, for how long and what to keep', async () => {
  const { plans, world } = device();
  const { code, out, err } = await sonde(
    ['record', 'box', '--unattended', '--for', '2h', '--max-size', '50MB', '--probe', 'syscalls', '--pid', '7'].concat([
      '--trigger',
      'errno:connect:ECONNREFUSED>10/s',
      '--trigger',
      'cpu > 80 % for 5s',
      '--before',
      '1m',
    ]),
    world(),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(plans[0]).toMatchObject({
    destination: 'box',
    forS: 7200,
    maxBytes: 50e6,
    probes: [{ probe: 'syscalls', options: { pid: '7' } }],
    triggers: ['errno:connect:ECONNREFUSED>10/s', 'cpu>80% for 5s'],
    beforeS: 60,
    afterS: 30,
  });
  expect(out).toContain('kept: from 60 s before to 30 s after errno:connect:ECONNREFUSED>10/s or cpu>80% for 5s');
  expect(out).toContain('fetch it with: sonde fetch box');
});

test.each([
  ['record box --unattended', 'an unattended recording needs an end'],
  ['record box --unattended --for 2h -o a.mcap', 'cannot use --output with --unattended'],
  ['record box --for 2h --max-size 5MB', 'cannot use --max-size without --unattended'],
  ['record box --unattended --for 2h --max-size 5kB', 'cannot use so small a --max-size'],
  ['record box --unattended --for 2h --trigger cpu>800%', 'cannot understand the trigger'],
  ['record box --unattended --for 2h --trigger latency:read:p99>1s', 'the trigger needs the probe syscalls'],
  ['fetch box --delete', 'say which one to delete'],
  ['fetch box --list --keep', 'cannot use --list with --keep'],
  ['fetch box', 'there is nothing to fetch'],
  ['fetch box --id 1', 'there is nothing to fetch'],
])('%s is refused before anything is recorded', async (words, message) => {
  const { plans, world } = device();
  const { code, out, err } = await sonde(words, world());
  expect(code).not.toBe(0);
  expect(out).toBe('');
  expect(err).toContain(message);
  expect(plans).toEqual([]);
});

test('one that ends at once leaves nothing and says why', async () => {
  const { world, log } = device([], { state: 'ended', reason: 'no probe runs', failures: ['CPU profile: refused'] });
  const { code, err } = await sonde('record box --unattended --for 2h', world());
  expect(code).toBe(40);
  expect(err).toContain('has ended at once: no probe runs');
  expect(log).toEqual([]);
});

test('what there is is listed', async () => {
  const { out } = await sonde('fetch box --list', device([ENDED, RUNNING]).world());
  expect(out).toMatch(/20261123-010203-abcdef +ended: its time is over +2:00:00 +5\.0 MB +cpu-profile/);
  expect(out).toMatch(/20261124-010203-abcdef +recording/);
});

test('the one that has ended is fetched, and deleted there', async () => {
  const { log, world } = device([ENDED, RUNNING]);
  const { code, out } = await sonde('fetch box -o a.mcap', world());
  expect(code).toBe(0);
  expect(out).toContain('fetched 2:00:00 into /here/a.mcap (7.0 MB); it is deleted on the device');
  expect(log).toEqual([`fetch ${ENDED.id} /here/a.mcap /here/.sonde-fetch-${ENDED.id}.part`, `delete ${ENDED.id}`]);
});

test('one that goes on is left alone, unless it is to be stopped', async () => {
  const going = device([RUNNING]);
  expect((await sonde('fetch box', going.world())).out).toContain('it goes on, on the device');
  expect(going.log.map((line) => line.split(' ')[0])).toEqual(['fetch']);
  const stopped = device([RUNNING]);
  await sonde('fetch box --stop', stopped.world());
  expect(stopped.log.map((line) => line.split(' ')[0])).toEqual(['stop', 'fetch', 'delete']);
  const kept = device([ENDED]);
  await sonde('fetch box --keep', kept.world());
  expect(kept.log.map((line) => line.split(' ')[0])).toEqual(['fetch']);
});
