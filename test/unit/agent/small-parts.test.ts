import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../remote-agent/agent/args.ts';
import { answerHello } from '../../../remote-agent/agent/client/handshake.ts';
import { Lease } from '../../../remote-agent/agent/client/lease.ts';
import { effectiveOptions, optionArguments } from '../../../remote-agent/agent/loader/options.ts';
import { NamedRanges } from '../../../remote-agent/agent/names/ranges.ts';
import { parseAvailable, parseBusy } from '../../../remote-agent/agent/self/cost.ts';
import {
  parseCpuList,
  parseCpuModel,
  parseOsName,
  parsePageSize,
  readDeviceInfo,
} from '../../../remote-agent/agent/self/device-info.ts';
import { Governor } from '../../../remote-agent/agent/self/governor.ts';
import { FaultError, findProbe, type ProbeManifest, serveCommand } from '../../../remote-agent/protocol/index.ts';

const profile = findProbe('cpu-profile') as ProbeManifest;

describe('options of a probe', () => {
  it('fall back to the manifest, and leave out what is not set', () => {
    expect(effectiveOptions(profile, {})).toEqual({ hz: '99', 'map-mb': '16' });
    expect(effectiveOptions(profile, { hz: '999', pid: '42', cgroup: '/system.slice/a b.service' })).toEqual({
      hz: '999',
      pid: '42',
      cgroup: '/system.slice/a b.service',
      'map-mb': '16',
    });
    expect(optionArguments({ hz: '1', cpu: '0' })).toEqual(['--hz', '1', '--cpu', '0']);
  });

  it.each([
    [{ hz: '0' }],
    [{ hz: '1000' }],
    [{ hz: '9 9' }],
    [{ hz: '1e2' }],
    [{ hz: '-1' }],
    [{ pid: '0x10' }],
    [{ cgroup: 'relative' }],
    [{ cgroup: '/a\0b' }],
    [{ nonsense: '1' }],
    [{ constructor: '1' }],
  ] as [Record<string, string>][])('refuse %j', (asked) => {
    expect(() => effectiveOptions(profile, asked)).toThrow(FaultError);
  });
});

describe('a Hello', () => {
  const run = { id: Uint8Array.of(1, 2), lastSentSeq: 10n, isInUse: false };
  const NEW = new Uint8Array(0);

  it.each([
    ['first client', NEW, 0n, null, 'new-run'],
    ['new client after one that left', NEW, 0n, run, 'new-run'],
    ['new client while another is there', NEW, 0n, { ...run, isInUse: true }, 'refuse'],
    ['its client comes back', run.id, 4n, run, 'resume'],
    ['its client comes back while the old link seems alive', run.id, 4n, { ...run, isInUse: true }, 'resume'],
    ['with everything', run.id, 10n, run, 'resume'],
    ['with more than there is', run.id, 11n, run, 'refuse'],
    ['of another run', Uint8Array.of(9), 0n, run, 'refuse'],
    ['of a run before this agent', run.id, 0n, null, 'refuse'],
  ] as const)('%s', (_what, runId, lastSeq, current, kind) => {
    expect(answerHello({ runId, lastSeq }, current).kind).toBe(kind);
  });
});

describe('the lease', () => {
  const second = 1000;

  it('ends an agent whose first client never comes', () => {
    const lease = new Lease(0, 30);
    expect(lease.overdue(59 * second, false, false)).toBeNull();
    expect(lease.overdue(60 * second, false, false)).toBe('no client came');
  });

  it('lets it live while its client is there, and for its time after', () => {
    const lease = new Lease(0, 30);
    lease.linkUp();
    expect(lease.overdue(1000 * second, true, true)).toBeNull();
    lease.linkDown(1000 * second);
    expect(lease.overdue(1029 * second, false, true)).toBeNull();
    lease.linkUp();
    lease.linkDown(2000 * second);
    expect(lease.overdue(2030 * second, false, true)).toContain('did not come back');
  });

  it('runs out for a client that leaves everything unconfirmed, however the connection looks', () => {
    const lease = new Lease(0, 5);
    lease.linkUp();
    for (let call = 0; call < 34; call++) expect(lease.overdue(call * second, false, true)).toBeNull();
    expect(lease.overdue(99 * second, true, true)).toBeNull(); // a sign of life
    for (let call = 0; call < 34; call++) expect(lease.overdue(call * second, false, true)).toBeNull();
    expect(lease.overdue(0, false, true)).toContain('silent');
  });

  it('is bounded', () => {
    expect(new Lease(0, 1e9).seconds).toBe(3600);
    expect(new Lease(0, 0).seconds).toBe(60);
  });
});

describe('the governor', () => {
  const tenSeconds = (governor: Governor, share: number) =>
    Array.from({ length: 5 }, () => governor.add(share * 2e9, 2e9)).filter(Boolean);

  it('makes windows coarser over the budget, and finer again when it has been calm for a while', () => {
    const governor = new Governor();
    expect(tenSeconds(governor, 0.04)).toEqual([]);
    expect(governor.holdMs).toBe(0);
    expect(tenSeconds(governor, 0.08)).toEqual([
      'Sonde itself used 8.0 % of one CPU: windows are sent every 2 s, merged; counts stay exact',
    ]);
    expect(governor.holdMs).toBe(2000);
    expect(tenSeconds(governor, 0.06)).toHaveLength(1);
    expect(governor.holdMs).toBe(5000);
    expect(tenSeconds(governor, 0.5)).toEqual([]);
    expect([tenSeconds(governor, 0.01), tenSeconds(governor, 0.01)]).toEqual([[], []]);
    expect(tenSeconds(governor, 0.01)).toHaveLength(1);
    expect(governor.holdMs).toBe(2000);
    expect([0.01, 0.04, 0.01, 0.01].flatMap((share) => tenSeconds(governor, share))).toEqual([]);
    expect(tenSeconds(governor, 0.01)[0]).toContain('as they come');
    expect(governor.holdMs).toBe(0);
  });
});

describe('known ranges', () => {
  it('answer for what lies in them', () => {
    const ranges = new NamedRanges();
    ranges.add(100, 110, 'b');
    ranges.add(50, 60, 'a');
    ranges.add(200, 201, 'c');
    ranges.add(200, 205, 'c');
    expect([49, 50, 59, 60, 100, 109, 110, 204, 205].map((offset) => ranges.find(offset))).toEqual([
      null,
      'a',
      'a',
      null,
      'b',
      'b',
      null,
      'c',
      null,
    ]);
    expect(ranges.size).toBe(3);
    ranges.clear();
    expect(ranges.find(50)).toBeNull();
  });
});

describe('the device', () => {
  it('tells what it is', () => {
    const info = readDeviceInfo('/proc', new Uint8Array(16));
    expect(info.onlineCpus).toBeGreaterThan(0);
    expect(info.memoryBytes).toBeGreaterThan(1n << 20n);
    expect(info.pageSize % 4096).toBe(0);
    expect(Buffer.from(info.kernelRelease).toString()).toMatch(/^\d+\./);
    expect(Buffer.from(info.bootId).toString()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('survives not knowing', () => {
    expect(readDeviceInfo('/nowhere', new Uint8Array(16))).toMatchObject({ uptimeNs: 0n, pageSize: 4096 });
  });

  it.each([
    ['0', 1],
    ['0-3\n', 4],
    ['0,2-3,7', 4],
  ])('has CPUs %j', (text, count) => {
    expect(parseCpuList(text)).toBe(count);
  });

  it('names its system and processor', () => {
    expect(parseOsName('NAME=x\nPRETTY_NAME="Poky (Yocto) 4.0"\n')).toBe('Poky (Yocto) 4.0');
    expect(parseOsName("PRETTY_NAME='A'\n")).toBe('A');
    expect(parseOsName('PRETTY_NAME=Bare\n')).toBe('Bare');
    expect(parseOsName('')).toBe('');
    expect(parseCpuModel('processor\t: 0\nmodel name\t: ARMv7 Processor rev 4 (v7l)\nHardware\t: BCM2835\n')).toBe(
      'ARMv7 Processor rev 4 (v7l)',
    );
    expect(parseCpuModel('processor : 0\nuarch : sifive,u74-mc\n')).toBe('sifive,u74-mc');
    expect(parseCpuModel('processor : 0\n')).toBe('');
    expect(parsePageSize(Buffer.alloc(0))).toBe(4096);
  });

  it('says how busy it is and what memory is left', () => {
    expect(parseBusy('cpu  100 20 30 4000 50 6 7 8 99 99\ncpu0 1\n')).toBe(1_710_000_000n);
    expect(parseBusy('')).toBe(0n);
    expect(parseAvailable('MemTotal: 2 kB\nMemAvailable:    1234 kB\n')).toBe(1_263_616n);
    expect(parseAvailable('')).toBe(0n);
  });
});

describe('the command line', () => {
  it('is the one that protocol/agent-cli.ts builds', () => {
    const command = serveCommand({ node: 'node', agent: 'agent.cjs', loader: '/l', runDir: '/r', leaseS: 45 });
    expect(parseCommand(command.slice(command.indexOf('agent.cjs') + 1))).toEqual({
      kind: 'serve',
      options: { runDir: '/r', loader: '/l', leaseS: 45 },
    });
  });

  it.each([
    [[]],
    [['run']],
    [['serve']],
    [['serve', '--dir', '/r']],
    [['serve', '--dir', '/r', '--loader', '/l', '--lease', 'x']],
    [['serve', '--dir', '/r', '--loader', '/l', '--what']],
    [['version', 'x']],
  ])('%j is explained', (argv) => {
    expect(parseCommand(argv).kind).toBe('usage');
  });
});
