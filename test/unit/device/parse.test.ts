import { expect, test } from 'vitest';
import { parseFacts } from '../../../electron/device/parse-facts.ts';
import { isInMemory, parsePlaces } from '../../../electron/device/parse-places.ts';
import { parseRemoval } from '../../../electron/device/remove.ts';
import { cutSections, sectionStart } from '../../../electron/device/sections.ts';
import { sudoRefusal } from '../../../electron/device/sudo-words.ts';

/** What a small ARM box with BusyBox says, shortened; a banner comes first. */
const ANSWER = `
*** Authorised use only ***
${sectionStart('uname')}
Linux gateway-7 5.10.110-yocto aarch64
${sectionStart('id')}
uid=1000(ops) gid=1000(ops) groups=27(sudo)
${sectionStart('home')}
/home/ops
${sectionStart('files-of-the-kernel')}
==> /proc/mounts <==
/dev/root / ext4 ro,relatime 0 0
tmpfs /run tmpfs rw,nosuid 0 0
tmpfs /var/volatile tmpfs rw 0 0
==> /proc/meminfo <==
MemTotal:         496360 kB
MemFree:           12345 kB
MemAvailable:     301580 kB

==> /proc/sys/kernel/random/boot_id <==
66e648ac-a246-4714-8ef6-7e1a8af4685f

==> /proc/sys/kernel/perf_event_paranoid <==
2

==> /sys/kernel/security/lockdown <==
none [integrity] confidentiality

==> /sys/devices/system/cpu/online <==
0-1,3

==> /etc/os-release <==
ID=poky
PRETTY_NAME="Poky (Yocto Project) 4.0\u202e"
${sectionStart('present')}
kallsyms
glibc
${sectionStart('config')}
CONFIG_BPF_SYSCALL=y
CONFIG_PERF_EVENTS=y
readable
${sectionStart('node')}
/usr/bin/node v16.20.0
/opt/node-v20.1.0/bin/node v20.1.0
/opt/bad dir/node v22.0.0
/usr/local/bin/node segmentation fault
${sectionStart('libc')}
${sectionStart('sudo')}
sudo
sudo: a password is required
${sectionStart('clock')}
1700000000
${sectionStart('end')}
`;

test('facts of a small box', () => {
  const facts = parseFacts(cutSections(ANSWER), 1_700_000_500_000);
  expect(facts).toMatchObject({
    hostname: 'gateway-7',
    machine: 'aarch64',
    arch: 'aarch64',
    kernelRelease: '5.10.110-yocto',
    osName: 'Poky (Yocto Project) 4.0\\u{202e}',
    uid: 1000,
    user: 'ops',
    sudo: 'password',
    node: { path: '/opt/node-v20.1.0/bin/node', version: '20.1.0' },
    libc: { kind: 'glibc', version: '' },
    onlineCpus: 3,
    memoryKb: 496_360,
    memoryAvailableKb: 301_580,
    clockOffsetMs: -500_000,
    places: null,
    kernel: {
      btf: false,
      kallsyms: true,
      tracefs: false,
      perfEventParanoid: 2,
      unprivilegedBpfDisabled: null,
      lockdown: 'integrity',
      config: { BPF_SYSCALL: 'y', PERF_EVENTS: 'y' },
    },
  });
});

test.each([
  ['Darwin mac 23.1.0 arm64', 'runs Darwin, not Linux'],
  ['', 'runs no commands'],
  ['Linux router 5.4.0 mips', 'no loader for its processor (mips)'],
])('%j: %s', (uname, words) =>
  expect(() => parseFacts(cutSections(`${sectionStart('uname')}\n${uname}\n`), 0)).toThrow(words),
);

test('places: space in order of what was measured, files, sums, memory', () => {
  const hash = 'c'.repeat(64);
  const text = [
    sectionStart('places'),
    'place /var/lib/sonde readonly /var/lib',
    'place /home/a;b/.sonde ok /home/a;b',
    'place /var/tmp/sonde-0 noexec /var/tmp',
    'place /opt/sonde absent /',
    'place /run/sonde ok /run/sonde',
    sectionStart('space'),
    'Filesystem 1024-blocks Used Available Capacity Mounted on',
    '/dev/sda1 1000 10 111 1% /home',
    '/dev/sda2 1000 10 222 1% /var/tmp',
    'tmpfs 1000 10 333 99% /run',
    sectionStart('files'),
    'in /run/sonde',
    'total 8',
    `-rwx------    1 0        0           419904 Nov 22 15:00 loader-0123456789ab`,
    `-rw------- 1 0 0 17 Nov 22 15:00 checked-node`,
    `drwx------ 2 0 0 4096 Nov 22 15:00 run`,
    sectionStart('sums'),
    ` ${hash}  /run/sonde/loader-0123456789ab`,
    sectionStart('checked-node'),
    '/usr/bin/node v18.19.0',
    sectionStart('runs'),
    '0a1b2c3d4e5f',
  ].join('\n');
  const places = parsePlaces(cutSections(text), ['/dev/root / ext4 ro 0 0', 'tmpfs /run tmpfs rw 0 0']);
  expect(places.map(({ dir, state, freeKb, memory }) => [dir, state, freeKb, memory])).toEqual([
    ['/var/lib/sonde', 'readonly', 0, false],
    ['/home/a;b/.sonde', 'foreign', 111, false],
    ['/var/tmp/sonde-0', 'noexec', 222, false],
    ['/opt/sonde', 'absent', 0, false],
    ['/run/sonde', 'ok', 333, true],
  ]);
  expect(places[4]).toMatchObject({
    files: { 'loader-0123456789ab': 419_904, 'checked-node': 17 },
    sums: { 'loader-0123456789ab': hash },
    checkedNode: '/usr/bin/node v18.19.0',
    runs: ['0a1b2c3d4e5f'],
  });
});

test('the mount nearest above decides whether a place is in memory', () => {
  const mounts = [
    '/dev/root / ext4 rw 0 0',
    'tmpfs /var tmpfs rw 0 0',
    '/dev/sda1 /var/lib ext4 rw 0 0',
    'tmpfs /variable tmpfs rw 0 0',
  ];
  expect(['/opt', '/var/tmp', '/var/lib', '/var/lib/sonde', '/'].map((path) => isInMemory(path, mounts))).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
});

test.each([
  ['ops is not in the sudoers file.', 1, 'no-sudo', 'may not use sudo'],
  ['Sorry, user ops is not allowed to execute /bin/sh as root on edge.', 1, 'no-sudo', 'may not use sudo'],
  ['sudo: 3 incorrect password attempts', 3, 'sudo-password', 'did not accept the password'],
  ['sudo: sorry, you must have a tty to run sudo', 0, 'no-sudo', 'terminal'],
  ['env: sudo: No such file or directory', 0, 'no-sudo', 'no sudo'],
  ['Verification code:', 0, 'no-sudo', 'did not ask for a password'],
] as const)('sudo says %j', (words, answered, code, message) =>
  expect(sudoRefusal(words, 'ops', answered)).toMatchObject({ code, message: expect.stringContaining(message) }),
);

test('what remove found', () => {
  expect(
    parseRemoval([
      'killed 12 /var/lib/sonde/loader-1 run cpu-profile',
      'removed /var/lib/sonde',
      'left-path /opt/sonde',
      'left-process 9 x',
      'others /var/lib/sonde-1000',
      'looked-again',
    ]),
  ).toEqual({
    killed: [{ pid: 12, command: '/var/lib/sonde/loader-1 run cpu-profile' }],
    removed: ['/var/lib/sonde'],
    others: ['/var/lib/sonde-1000'],
    left: { processes: ['9 x'], paths: ['/opt/sonde'] },
  });
});

test('what a device says without end is cut: lines, their length, places', () => {
  const said = cutSections(`=== sonde section places ===\n${`place /${'a'.repeat(9000)} ok /\n`.repeat(3000)}`);
  expect([said.places.length, said.places[0]?.length]).toEqual([2000, 8192]);
  const many = cutSections(`=== sonde section places ===\n${'place /a ok /a\n'.repeat(1000)}`);
  expect(parsePlaces(many, []).length).toBe(20);
});
