import { expect, test } from 'vitest';
import { parseArguments } from '../../../electron/shell/arguments.ts';

test.each([
  [[], true, { recording: null, connect: null }],
  [['.'], true, { recording: null, connect: null }],
  [['.', 'box.sonde.mcap'], true, { recording: 'box.sonde.mcap', connect: null }],
  [['box.sonde.mcap'], false, { recording: 'box.sonde.mcap', connect: null }],
  [
    ['--inspect=0', '--no-sandbox', '--user-data-dir=/tmp/x', '.', 'a.mcap'],
    true,
    { recording: 'a.mcap', connect: null },
  ],
  [['--enable-unknown-thing', 'a.mcap'], false, { recording: 'a.mcap', connect: null }],
])('%j', (argv, fromFolder, started) => expect(parseArguments(argv, fromFolder)).toEqual(started));

test('a connection with all that can be said about it', () => {
  const argv = [
    '.',
    '--connect=root@192.0.2.7:2222',
    '--identity=/k1',
    '--identity=/k2',
    '--known-hosts=/kh',
    '--accept-host-key=SHA256:abc',
    '--option=hz=49',
    '--option=cgroup=/a=b',
  ];
  expect(parseArguments(argv, true)).toEqual({
    recording: null,
    connect: {
      acceptHostKey: 'SHA256:abc',
      target: {
        destination: 'root@192.0.2.7:2222',
        identityFiles: ['/k1', '/k2'],
        knownHostsFile: '/kh',
        probes: [
          { probe: 'cpu-profile', options: { hz: '49', cgroup: '/a=b' } },
          { probe: 'syscalls', options: { cgroup: '/a=b' } },
        ],
      },
    },
  });
});

test('chosen probes instead of the usual ones; an option that none has goes where it is refused by name', () => {
  const argv = ['.', '--connect=box', '--probe=syscalls', '--option=hz=49', '--option=pid=7'];
  expect(parseArguments(argv, true).connect?.target.probes).toEqual([
    { probe: 'syscalls', options: { hz: '49', pid: '7' } },
  ]);
});

test('where no probe is named, what the settings say is usual is watched; an option said now counts for more', () => {
  const usual = [
    { probe: 'cpu-profile', options: { hz: '49' } },
    { probe: 'net-flows', options: {} },
  ];
  const probesOf = (...more: string[]) =>
    parseArguments(['.', '--connect=box', ...more], true, usual).connect?.target.probes;
  expect(probesOf()).toEqual(usual);
  expect(probesOf('--option=hz=7')).toEqual([{ probe: 'cpu-profile', options: { hz: '7' } }, usual[1]]);
  expect(probesOf('--probe=syscalls')).toEqual([{ probe: 'syscalls', options: {} }]);
});
