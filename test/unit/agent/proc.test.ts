import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cgroupPathOf,
  containerIdOf,
  namedContainerOf,
  unitOf,
} from '../../../remote-agent/agent/proc/cgroup-names.ts';
import { Cgroups, findCgroup2 } from '../../../remote-agent/agent/proc/cgroups.ts';
import { parseMapping, readMaps } from '../../../remote-agent/agent/proc/maps.ts';
import { readLines } from '../../../remote-agent/agent/proc/procfs.ts';
import { parseStat, readStat } from '../../../remote-agent/agent/proc/stat.ts';
import { FakeProc } from './fake-proc.ts';

let proc: FakeProc;
beforeEach(() => {
  proc = new FakeProc();
});
afterEach(() => proc.close());

describe('/proc/PID/stat', () => {
  it('tells who a process is', () => {
    proc.put(42, { comm: 'mosquitto', startTicks: 12_345, parent: 7 });
    expect(readStat(proc.root, 42)).toEqual({
      comm: 'mosquitto',
      state: 'S',
      parentPid: 7,
      kernelThread: false,
      startNs: 123_450_000_000n,
      image: '4194304 4198400 140730000000',
    });
    expect(readStat(proc.root, 43)).toBeNull();
  });

  it('knows kernel threads', () => {
    proc.put(2, { comm: 'kthreadd', flags: 0x0020_8040 });
    expect(readStat(proc.root, 2)?.kernelThread).toBe(true);
  });

  it.each(['a b', ') (', 'x) R 1 1', '((', '\xff\xfe'])('takes the name %j', (comm) => {
    proc.put(5, { comm });
    const stat = readStat(proc.root, 5);
    expect(stat?.parentPid).toBe(1);
    expect(Buffer.from(stat?.comm ?? '', 'latin1').toString()).toBe(Buffer.from(comm).toString());
  });

  it('takes nothing from nonsense', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseStat(text)));
    expect(parseStat('5 (x) S')).toBeNull();
    expect(parseStat('')).toBeNull();
  });

  it('of this very process is understood', () => {
    expect(readStat('/proc', process.pid)?.startNs).toBeGreaterThan(0n);
  });
});

describe('/proc/PID/maps', () => {
  it.each([
    [
      '7f00-7f80 r-xp 00001000 fd:01 77                 /usr/lib/libc.so.6',
      { start: 0x7f00, end: 0x7f80, offset: 0x1000, file: 'fd:01:77', path: '/usr/lib/libc.so.6' },
    ],
    ['7f00-7f80 r-xp 00000000 00:00 0 ', { start: 0x7f00, end: 0x7f80, offset: 0, file: '00:00:0', path: '' }],
    [
      '7f00-7f80 r-xp 00000000 00:00 0                  [vdso]',
      { start: 0x7f00, end: 0x7f80, offset: 0, file: '00:00:0', path: '[vdso]' },
    ],
    [
      '7f00-7f80 r-xp 00000000 fd:01 7 /a b  c (deleted)',
      { start: 0x7f00, end: 0x7f80, offset: 0, file: 'fd:01:7', path: '/a b  c (deleted)' },
    ],
    ['7f00-7f80 rw-p 00001000 fd:01 77 /usr/lib/libc.so.6', null],
    ['ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]', null],
    ['7f80-7f00 r-xp 00001000 fd:01 77 /backwards', null],
    ['nonsense', null],
    ['', null],
  ])('%s', (line, mapping) => {
    expect(parseMapping(Buffer.from(line))).toEqual(mapping);
  });

  it('gives the executable mappings', () => {
    proc.put(9, {
      maps: [
        { start: 0x1000, end: 0x2000, path: '/a' },
        { start: 0x5000, end: 0x6000, offset: 0x3000, path: '/b' },
      ],
    });
    expect(readMaps(proc.root, 9)?.map(({ start, offset, path }) => [start, offset, path])).toEqual([
      [0x1000, 0, '/a'],
      [0x5000, 0x3000, '/b'],
    ]);
    proc.put(10, {});
    expect(readMaps(proc.root, 10)).toBeNull();
    expect(readMaps(proc.root, 11)).toBeNull();
  });

  it('survives any line', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (line) => void parseMapping(Buffer.from(line))));
  });

  it('is read line by line, however long the file', () => {
    const maps = Array.from({ length: 3000 }, (_, i) => ({
      start: 0x10000 + i * 0x2000,
      end: 0x11000 + i * 0x2000,
      path: `/a/rather/long/path/number/${i}`,
    }));
    proc.put(12, { maps });
    expect(readMaps(proc.root, 12)?.length).toBe(3000);
    const lines: string[] = [];
    readLines(`${proc.root}/12/maps`, (line) => lines.push(line.toString()));
    expect(`${lines.join('\n')}\n`).toBe(readFileSync(`${proc.root}/12/maps`, 'utf8'));
  });
});

const ID = '4f5c1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7';

describe('a cgroup path', () => {
  it.each([
    ['/', '', ''],
    ['/system.slice/mosquitto.service', '', 'mosquitto.service'],
    ['/user.slice/user-1000.slice/user@1000.service/app.slice/app-editor.scope', '', 'app-editor.scope'],
    [`/system.slice/docker-${ID}.scope`, ID.slice(0, 12), `docker-${ID}.scope`],
    [`/docker/${ID}`, ID.slice(0, 12), ''],
    [`/docker/${ID}/init.scope`, ID.slice(0, 12), 'init.scope'],
    [`/machine.slice/libpod-${ID}.scope/container`, ID.slice(0, 12), `libpod-${ID}.scope`],
    [
      `/system.slice/containerd.service/kubepods-burstable-pod1.slice:cri-containerd:${ID}`,
      ID.slice(0, 12),
      'containerd.service',
    ],
    [`/kubepods/besteffort/pod6d5f/${ID}`, ID.slice(0, 12), ''],
    [`/kubepods.slice/kubepods-pod6d.slice/crio-${ID}.scope`, ID.slice(0, 12), `crio-${ID}.scope`],
    [`/docker/${'a'.repeat(64)}/docker/${ID}`, ID.slice(0, 12), ''],
    ['/lxc/web/system.slice/nginx.service', 'web', 'nginx.service'],
    ['/lxc.payload.web-1/init.scope', 'web-1', 'init.scope'],
    ['/machine.slice/machine-debian.scope/payload', 'debian', 'machine-debian.scope'],
    ['/machine.slice/machine-edge\\x2dweb.scope/payload', 'edge-web', 'machine-edge\\x2dweb.scope'],
    ['/system.slice/systemd-nspawn@box.service/payload', 'box', 'systemd-nspawn@box.service'],
    ['/system.slice/not-an-id-4f5c1a2b.scope', '', 'not-an-id-4f5c1a2b.scope'],
  ])('%s', (path, container, unit) => {
    expect(containerIdOf(path).slice(0, 12) || namedContainerOf(path)).toBe(container);
    expect(unitOf(path)).toBe(unit);
  });

  it.each([
    ['0::/system.slice/a.service\n', '/system.slice/a.service'],
    ['12:memory:/docker/x\n1:name=systemd:/system.slice/b.service\n0::/\n', '/system.slice/b.service'],
    ['1:name=systemd:/b\n', '/b'],
    ['0::/with:colons\n', '/with:colons'],
    ['', ''],
  ])('of %j', (text, path) => {
    expect(cgroupPathOf(text)).toBe(path);
  });

  it('is found by the inode of its folder, also one made later', () => {
    const mount = mkdtempSync(`${tmpdir()}/sonde-cgroup-`);
    let clock = 0;
    const cgroups = new Cgroups(mount, () => (clock += 300));
    const idOf = (path: string) => BigInt(statSync(mount + path).ino);
    mkdirSync(`${mount}/system.slice/a.service`, { recursive: true });
    expect(cgroups.pathOf(idOf('/system.slice/a.service'), 0)).toBe('/system.slice/a.service');
    expect(cgroups.pathOf(idOf(''), 0)).toBe('/');
    mkdirSync(`${mount}/soon`);
    expect(cgroups.pathOf(idOf('/soon'), 0)).toBe('/soon');
    mkdirSync(`${mount}/late`);
    expect(cgroups.pathOf(idOf('/late'), 30_000)).toBe(''); // two walks of 300 ms have taken what was saved
    expect(cgroups.pathOf(idOf('/late'), 30_001)).toBe('/late');
    expect(cgroups.pathOf((7n << 32n) + idOf('/late'), 30_001)).toBe('/late'); // 32-bit kernels
    expect(cgroups.pathOf(0n, 9000)).toBe('');
    expect(new Cgroups('').pathOf(1n, 0)).toBe('');
    rmSync(mount, { recursive: true });
  });

  it('lies below the cgroup2 mount', () => {
    expect(['', '/sys/fs/cgroup', '/sys/fs/cgroup/unified']).toContain(findCgroup2('/proc'));
    expect(findCgroup2(proc.root)).toBe('');
  });
});
