/** One stand-in for one thing, everywhere the same, and the picture stays what it was. */
import { expect, test } from 'vitest';
import {
  presetOf,
  REDACTION_KIND_NAMES,
  REDACTION_PRESET_NAMES,
  REDACTION_PRESETS,
  type RedactionKind,
  rulesOf,
} from '../../../electron/bridge/redaction.ts';
import { Redactor } from '../../../electron/redact/index.ts';
import {
  type DefinitionsSignal,
  parseDns,
  type Signal,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { eventWindow } from '../../fixtures/events.ts';
import { dnsWindow, flowDef } from '../../fixtures/flows.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { deviceSignal } from '../../fixtures/signals.ts';
import { RESPONSE, writeDns } from '../protocol/dns-writer.ts';

const redactor = (...kinds: readonly RedactionKind[]): Redactor => {
  const made = new Redactor(rulesOf(kinds));
  made.redact(deviceSignal({ hostname: 'edge-7' }));
  return made;
};
const note = (made: Redactor, text: string): string => {
  const signal = made.redact({ kind: 'note', atNs: 1, text });
  return signal.kind === 'note' ? signal.text : '';
};
const PROCESS = {
  id: 1,
  pid: 412,
  startNs: 1,
  comm: 'mosquitto',
  exe: '/usr/sbin/mosquitto',
  commandLine: '/usr/sbin/mosquitto -c /home/mara/mosquitto.conf --bind 10.0.0.2',
  cgroup: '/system.slice/mosquitto.service',
  container: '',
  containerId: '',
  unit: 'mosquitto.service',
  parentPid: 1,
  kernelThread: false,
  uid: 1007,
};

test('every preset hides what the one before it hides, and is known by its rules', () => {
  for (const [i, name] of REDACTION_PRESET_NAMES.entries()) {
    const before = REDACTION_PRESETS[REDACTION_PRESET_NAMES[i - 1] ?? 'none'].hides;
    expect(REDACTION_PRESETS[name].hides).toEqual(expect.arrayContaining([...before]));
    expect(presetOf(rulesOf(REDACTION_PRESETS[name].hides))).toBe(name);
  }
  expect(presetOf(rulesOf(['symbols']))).toBeNull();
});

test('with nothing to hide everything is as it was', () => {
  const made = redactor();
  expect(made.hidesAnything).toBe(false);
  for (const signal of networkSignals()) expect(made.redact(signal)).toEqual(signal);
});

test.each([
  ['curl http://bob:secret@10.0.0.9:80/x', 'curl http://user-1@10.1.1.1:80/x'],
  ['10.0.0.9 and 10.0.0.7 and 10.0.1.7', '10.1.1.1 and 10.1.1.2 and 10.1.2.1'.replace('10.1.2.1', '10.1.1.1')],
  ['to 203.0.113.5:443, version 1.2.3', 'to 240.0.0.1:443, version 1.2.3'],
  ['[2a01:4f8:1:2::7]:443 fe80::1%eth0 ::1', '[2001:db8:1:1::1]:443 fe80::1%eth0 ::1'],
  ['link 52:54:00:12:34:56 is up', 'link 02:00:00:00:00:01 is up'],
  ['at 12:34:56 std::vector 127.0.0.1', 'at 12:34:56 std::vector 127.0.0.1'],
  ['edge-7 calls mqtt.acme.com and api.acme.com', 'device-1 calls name-1.name-2.example and name-3.name-2.example'],
  ['root@edge-7:/etc EDGE-7.local', 'root@device-1:/etc device-1.local'],
  ['main.py libfoo.so.1 a.b', 'main.py libfoo.so.1 a.b'],
])('in a text: %s', (before, after) => {
  const made = redactor('host', 'addresses', 'dns', 'users');
  const given = note(made, before);
  if (before.startsWith('10.0.0.9 and')) {
    const [a, b, c] = given.split(' and ');
    expect([a?.split('.').slice(0, 3), b?.split('.').slice(0, 3)]).toEqual([
      ['10', '1', '0'],
      ['10', '1', '0'],
    ]);
    expect(c?.split('.').slice(0, 3)).toEqual(['10', '1', '1']);
  } else if (!/acme|10\.0\.0\.9/.test(before)) expect(given).toBe(after);
  expect(given).not.toMatch(/acme|10\.0\.0\.9|bob|secret|edge-7|203\.0/i);
});

test('who shares a network before shares one after, in windows as in texts', () => {
  const made = redactor('addresses');
  const flows = (
    made.redact(
      definitionsOf({
        flows: [
          flowDef({ id: 1, localAddress: '192.168.7.2', remoteAddress: '192.168.7.9' }),
          flowDef({ id: 2, localAddress: '192.168.7.2', remoteAddress: '192.168.8.9' }),
          flowDef({ id: 3, localAddress: '192.168.7.2', remoteAddress: '8.8.8.8' }),
        ],
      }),
    ) as DefinitionsSignal
  ).flows;
  const net = (address: string | undefined): string => (address ?? '').split('.').slice(0, 3).join('.');
  expect(new Set(flows.map(({ localAddress }) => localAddress)).size).toBe(1);
  expect(net(flows[0]?.remoteAddress)).toBe(net(flows[0]?.localAddress));
  expect(net(flows[1]?.remoteAddress)).not.toBe(net(flows[0]?.localAddress));
  expect(flows[2]?.remoteAddress).toMatch(/^240\./);
  expect(note(made, 'ping 192.168.7.9')).toBe(`ping ${flows[0]?.remoteAddress}`);
  expect(flows.map(({ localPort }) => localPort)).toEqual([40_001, 40_002, 40_003]);
});

test('a process has one name in all places; paths keep their depth and ending', () => {
  const made = redactor('users', 'processes', 'containers', 'paths');
  const { processes, threads, modules } = made.redact(
    definitionsOf({
      processes: [PROCESS],
      threads: [{ id: 1, process: 1, tid: 412, comm: 'mosquitto' }],
      modules: [{ id: 1, kind: 'executable', path: '/usr/sbin/mosquitto', buildId: 'ab' }],
    }),
  ) as DefinitionsSignal;
  expect(processes[0]).toMatchObject({
    comm: 'process-1',
    exe: '/usr/sbin/process-1',
    commandLine: '/usr/sbin/process-1 -c /home/user-1/file-1.conf --bind 10.0.0.2',
    unit: 'unit-1.service',
    cgroup: '/system.slice/unit-1.service',
    pid: 412,
    uid: 1000,
  });
  expect(threads[0]?.comm).toBe('process-1');
  expect(modules[0]).toMatchObject({ path: '/usr/sbin/process-1', buildId: 'ab' });
});

test('short names, names in longer ones, and names that only another kind would hide', () => {
  const made = redactor('host', 'users', 'processes');
  const { processes } = made.redact(
    definitionsOf({
      processes: [
        { ...PROCESS, comm: 'sh', exe: '/bin/sh', commandLine: 'sh /home/al/setup.sh edge-7', unit: 'sh.service' },
        {
          ...PROCESS,
          id: 2,
          comm: 'edge-7-agent',
          exe: '/home/al/edge-7-agent',
          commandLine: 'edge-7-agent --name EDGE-7',
          container: 'edge-7-box',
        },
      ],
    }),
  ) as DefinitionsSignal;
  expect(processes[0]).toMatchObject({
    exe: '/bin/process-1',
    commandLine: 'process-1 /home/user-1/setup.sh device-1',
  });
  expect(processes[1]).toMatchObject({
    exe: '/home/user-1/process-2',
    commandLine: 'process-2 --name device-1',
    container: 'device-1-box',
  });
});

test('kernel threads and kernel functions keep their names; others lose them only where that is asked for', () => {
  const signal = definitionsOf({
    processes: [{ ...PROCESS, comm: 'kworker/0:1', exe: '', commandLine: '', kernelThread: true }],
    threads: [{ id: 1, process: 1, tid: 2, comm: 'kworker/0:1' }],
    modules: [
      { id: 1, kind: 'kernel', path: '[kernel]', buildId: '' },
      { id: 2, kind: 'library', path: '/usr/lib/libx.so.1', buildId: 'abcd' },
    ],
    frames: [
      { id: 1, module: 1, offset: 7, name: 'schedule', interpreted: false },
      { id: 2, module: 2, offset: 8, name: 'acme_secret', interpreted: false },
    ],
  });
  const strict = new Redactor(rulesOf(REDACTION_PRESETS.strict.hides)).redact(signal) as DefinitionsSignal;
  expect(strict.threads[0]?.comm).toBe('kworker/0:1');
  expect(strict.frames.map(({ name }) => name)).toEqual(['schedule', 'acme_secret']);
  const all = new Redactor(rulesOf(REDACTION_KIND_NAMES)).redact(signal) as DefinitionsSignal;
  expect(all.frames.map(({ name }) => name)).toEqual(['schedule', 'function-1']);
  expect(all.modules[1]?.buildId).not.toBe('abcd');
});

test('DNS messages are written anew: questions and answers under stand-ins, and nothing else', () => {
  const made = redactor('addresses', 'dns');
  const message = writeDns({
    flags: RESPONSE,
    questions: [{ name: 'mqtt.acme.com', type: 1 }],
    answers: [
      { name: 'mqtt.acme.com', type: 5, data: (pen) => pen.name('lb.acme.com') },
      { name: 'lb.acme.com', type: 1, data: [10, 0, 0, 9] },
      { name: 'lb.acme.com', type: 16, data: [3, 1, 2, 3] },
    ],
    additionals: [{ name: 'ns.acme.com', type: 1, data: [10, 0, 0, 1] }],
  });
  const window = made.redact(dnsWindow(1, 2, [{ thread: 0, flow: 0, at: 1, incoming: 1, message }])) as WindowSignal;
  const written = parseDns(window.columns[6]?.[0] as Uint8Array, message.length);
  const [question] = written?.questions ?? [];
  expect(written).toMatchObject({ flaw: 'none', isResponse: true, code: 0, additionals: [] });
  expect(question?.name).toMatch(/^name-\d+\.name-\d+\.example$/);
  expect(written?.answers.map(({ type }) => type)).toEqual(
    [1, 5, 16].toSorted((a, b) => [5, 1, 16].indexOf(a) - [5, 1, 16].indexOf(b)),
  );
  expect(written?.answers[0]?.name).toBe(question?.name);
  expect(written?.answers[0]?.data).toBe(written?.answers[1]?.name);
  expect(written?.answers[1]?.data).toBe(note(made, '10.0.0.9'));
});

test('a reverse name asks for the stand-in of its address', () => {
  const made = redactor('addresses', 'dns');
  const standIn = note(made, '192.168.7.9');
  expect(note(made, '9.7.168.192.in-addr.arpa')).toBe(`${standIn.split('.').toReversed().join('.')}.in-addr.arpa`);
});

test('arguments of calls go, what is known of files stays readable', () => {
  const made = redactor('addresses', 'arguments');
  const window = made.redact(
    eventWindow(1, 2, [
      { thread: 0, call: 257, begunNs: 1, durationNs: 1, args: [1n], path: '/srv/acme/a.conf', file: 'pipe:[41]' },
      { thread: 0, call: 44, begunNs: 1, durationNs: 1, args: [1n], file: 'socket:tcp 10.0.0.2:41 -> 10.0.0.9:22' },
    ]),
  ) as WindowSignal;
  const texts = window.columns
    .slice(8)
    .map((column) => [...column].map((cell) => new TextDecoder().decode(cell as Uint8Array)));
  expect(texts[0]).toEqual(['', '']);
  expect(texts[1]).toEqual(['/srv/dir-1/file-1.conf', '']);
  expect(texts[2]?.[0]).toBe('pipe:[41]');
  expect(texts[2]?.[1]).toMatch(/^socket:tcp 10\.1\.0\.\d:41 -> 10\.1\.0\.\d:22$/);
});

test('numbers stay: of a whole recording every count, time and id', () => {
  const made = new Redactor(rulesOf(REDACTION_KIND_NAMES));
  const numbers = (signal: Signal): unknown =>
    signal.kind === 'window'
      ? [signal.rows, signal.counters.kept, signal.columns.filter((column) => !Array.isArray(column))]
      : [];
  for (const signal of networkSignals()) expect(numbers(made.redact(signal))).toEqual(numbers(signal));
});

test('the preview tells what was found of each kind, also of what is not hidden', () => {
  const made = redactor('addresses');
  made.redact(definitionsOf({ processes: [PROCESS], flows: [flowDef({ id: 1 }), flowDef({ id: 2 })] }));
  const kinds = new Map(made.preview().kinds.map((found) => [found.kind, found]));
  expect(kinds.get('addresses')).toMatchObject({ count: 2, samples: [{ before: '10.0.0.2' }, { before: '10.0.0.9' }] });
  expect(kinds.get('processes')).toMatchObject({ count: 1, samples: [{ before: 'mosquitto', after: 'mosquitto' }] });
  expect(kinds.get('users')?.count).toBe(2); // mara, and uid 1007
});
