/** doctor and remove with a device that answers as the test says. */
import { expect, test } from 'vitest';
import type { Rooms } from '../../../electron/cli/index.ts';
import { type Fault, FaultError } from '../../../remote-agent/protocol/index.ts';
import { fakeWorld, sonde } from './fake-world.ts';

interface Device {
  readonly sudo?: string;
  readonly checks?: readonly object[];
  readonly refuseRoot?: Fault;
  readonly refuse?: Fault;
  readonly report?: object;
  readonly unattended?: readonly object[];
}

const OK_CHECK = { id: 'kernel', state: 'ok', title: 'Kernel', found: 'Linux 6.1', hint: '' };
const ROOT_CHECK = { id: 'root', state: 'ok', title: 'Root rights', found: 'sudo is there', hint: '' };
const CLEAN = {
  killed: [{ pid: 7, command: 'loader' }],
  removed: ['/var/lib/sonde'],
  others: [],
  left: { processes: [], paths: [] },
};

function device({
  sudo = 'root',
  checks = [OK_CHECK, ROOT_CHECK],
  refuseRoot,
  refuse,
  report = CLEAN,
  unattended = [],
}: Device = {}) {
  const closed: string[] = [];
  const rooms = {
    connect: async () => {
      if (refuse) throw new FaultError(refuse);
      return { close: async () => void closed.push('ssh') };
    },
    detect: async () => ({ arch: 'x86_64', sudo, places: null }),
    becomeRoot: async () => {
      if (refuseRoot) throw new FaultError(refuseRoot);
      return { places: [] };
    },
    findArtifacts: async () => ({}),
    preflight: () => checks,
    listUnattended: async () => unattended,
    remove: async () => report,
  } as unknown as Rooms;
  return { rooms, closed };
}

test('doctor: all is well', async () => {
  const { rooms, closed } = device();
  expect(await sonde('doctor box', fakeWorld({ rooms }))).toEqual({
    code: 0,
    err: '',
    out: 'ok    Kernel: Linux 6.1\nok    Root rights: sudo is there\n\nSonde will work there.\n',
  });
  expect(closed).toEqual(['ssh']);
});

test('doctor: something is missing', async () => {
  const { rooms } = device({
    checks: [
      OK_CHECK,
      {
        id: 'bpf',
        state: 'fail',
        title: 'BPF programs',
        found: 'CONFIG_BPF_SYSCALL is not set',
        hint: 'Build the kernel with CONFIG_BPF_SYSCALL=y.',
      },
    ],
  });
  const { code, out } = await sonde('doctor box', fakeWorld({ rooms }));
  expect(code).toBe(3);
  expect(out).toContain(
    'FAIL  BPF programs: CONFIG_BPF_SYSCALL is not set\n      → Build the kernel with CONFIG_BPF_SYSCALL=y.',
  );
  expect(JSON.parse((await sonde('doctor box --json', fakeWorld({ rooms }))).out)).toMatchObject({
    ok: true,
    ready: false,
    checks: [{ id: 'kernel' }, { id: 'bpf', state: 'fail' }],
  });
});

test('doctor: root rights that cannot be had are one of the checks', async () => {
  const { rooms } = device({
    sudo: 'password',
    refuseRoot: { code: 'sudo-password', message: 'sudo did not accept the password', hint: 'Try again.' },
  });
  const { code, out } = await sonde('doctor box', fakeWorld({ rooms }));
  expect(code).toBe(3);
  expect(out).toContain('FAIL  Root rights: sudo did not accept the password\n      → Try again.');
});

test('doctor: the files for the device are missing', async () => {
  const { rooms } = device();
  const findArtifacts = async (): Promise<never> => {
    throw new FaultError({ code: 'file-io', message: 'cannot read loader-x86_64', hint: 'Install Sonde again.' });
  };
  const { code, out } = await sonde('doctor box', fakeWorld({ rooms: { ...rooms, findArtifacts } }));
  expect(code).toBe(3);
  expect(out).toContain('FAIL  Files for the device: cannot read loader-x86_64\n      → Install Sonde again.');
});

test('a device that cannot be reached', async () => {
  const { rooms } = device({
    refuse: { code: 'host-unreachable', message: 'cannot reach box: no route', hint: 'Check the address.' },
  });
  expect(await sonde('doctor box', fakeWorld({ rooms }))).toEqual({
    code: 10,
    out: '',
    err: 'sonde: cannot reach box: no route\n  → Check the address.\n',
  });
});

test('remove: what was taken away', async () => {
  const { rooms, closed } = device();
  expect(await sonde('remove box', fakeWorld({ rooms }))).toEqual({
    code: 0,
    err: '',
    out: 'ended    7 loader\nremoved  /var/lib/sonde\nNothing of Sonde is left on the device.\n',
  });
  expect(closed).toEqual(['ssh']);
});

test('remove: something stays', async () => {
  const { rooms } = device({
    report: { killed: [], removed: [], others: [], left: { processes: ['9 loader'], paths: ['/run/sonde'] } },
  });
  const { code, out } = await sonde('remove box', fakeWorld({ rooms }));
  expect(code).toBe(4);
  expect(out).toContain('STILL RUNNING  9 loader\nSTILL THERE    /run/sonde\n');
  expect(JSON.parse((await sonde('remove box --json', fakeWorld({ rooms }))).out)).toMatchObject({
    clean: false,
    left: { processes: ['9 loader'] },
  });
});

test('remove: there was nothing', async () => {
  const { rooms } = device({ report: { killed: [], removed: [], others: [], left: { processes: [], paths: [] } } });
  expect((await sonde('remove box', fakeWorld({ rooms }))).out).toBe('There was nothing of Sonde on the device.\n');
});

test('remove: what another user has there stays, and is told', async () => {
  const { rooms } = device({ report: { ...CLEAN, others: ['/var/lib/sonde-1001'] } });
  expect((await sonde('remove box', fakeWorld({ rooms }))).out).toContain(
    'kept     /var/lib/sonde-1001, which is of another user\nNothing of yours is left on the device.\n',
  );
});

const WAITING = { id: '20261123-010203-abcdef', folder: '/f', bytes: 5e6, pid: 0, status: null };

test('what the device has recorded by itself is told by doctor, and by remove when it is gone', async () => {
  const { rooms } = device({ unattended: [WAITING] });
  expect((await sonde('doctor box', fakeWorld({ rooms }))).out).toContain(
    'ok    A recording waits: 20261123-010203-abcdef, cut short (power cut or crash), 5.0 MB\n      → sonde fetch brings it',
  );
  expect((await sonde('remove box', fakeWorld({ rooms }))).out).toContain(
    'deleted  the unattended recording 20261123-010203-abcdef, 5.0 MB',
  );
});
