// The device's native program, run on this computer: every verb that needs no BPF.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensureNative } from '../../../build/native.mjs';
import { FAULT_CODES } from '../../../remote-agent/protocol/fault.ts';
import { cpuProfile } from '../../../remote-agent/protocol/probes/cpu-profile.ts';

const MACHINES: Record<string, string> = { arm64: 'aarch64', x64: 'x86_64' };
const machine = process.platform === 'linux' ? MACHINES[process.arch] : undefined;
/** From nothing: packages, sources, two libraries and the loader. */
const BUILD_MS = 900_000;

interface Result {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

describe.skipIf(!machine)('the loader on this computer', () => {
  let loader = '';
  let folder = '';
  beforeAll(async () => {
    loader = (await ensureNative({ arches: [machine ?? ''] }))[machine ?? ''] ?? '';
  }, BUILD_MS);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonde-loader-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (...args: string[]) => spawn(loader, args, { cwd: folder });
  const run = async (args: string[], input: Buffer | string = '') => {
    const child = start(...args);
    const result = ended(child);
    child.stdin.on('error', () => {}); // it may end without reading its input
    child.stdin.end(input);
    return await result;
  };
  const path = (name: string) => join(folder, name);

  describe('describe', () => {
    test('agrees with the manifest of each probe', async () => {
      const { code, stdout } = await run(['describe']);
      expect(code).toBe(0);
      const described = JSON.parse(String(stdout));
      expect(described.machine).toBe(machine);
      expect(described.probes.map((probe: { id: string }) => probe.id)).toEqual([cpuProfile.id]);
      const options = described.probes[0].options.map((option: { name: string }) => option);
      expect(options).toEqual(
        cpuProfile.options.map((option) =>
          option.kind === 'integer'
            ? { name: option.name, kind: 'integer', min: option.min, max: option.max, default: option.default }
            : { name: option.name, kind: 'text', default: option.default },
        ),
      );
    });

    test('raises only faults that the protocol knows', async () => {
      const described = JSON.parse(String((await run(['describe'])).stdout));
      for (const code of described.faults) expect(Object.keys(FAULT_CODES)).toContain(code);
    });

    test('has rows whose fields do not overlap and lie inside', async () => {
      const { rowSize, fields } = JSON.parse(String((await run(['describe'])).stdout)).probes[0];
      const taken = new Set<number>();
      for (const { name, offset, size } of fields) {
        for (let at = offset; at < offset + size; at++) {
          expect(taken.has(at), `byte ${at} of ${name}`).toBe(false);
          taken.add(at);
        }
        expect(offset + size).toBeLessThanOrEqual(rowSize);
      }
      expect(fields.map((field: { kind: string }) => field.kind)).toEqual(
        expect.arrayContaining(['tgid', 'tid', 'comm', 'cpu', 'stack.kernel', 'stack.user', 'stack.user.space']),
      );
    });
  });

  test('wrong calls say how it is called', async () => {
    for (const args of [[], ['dance'], ['relay'], ['daemon', 'x'], ['unpack', '-o', 'x'], ['run']]) {
      const { code, stderr } = await run(args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toContain('usage: loader ');
    }
  });

  test('a wrong option or probe is a fault on stdout', async () => {
    const faultOf = async (...args: string[]) => {
      const { code, stdout } = await run(['run', ...args]);
      expect([code, stdout.readUInt32LE(0), stdout.readUInt16LE(4)]).toEqual([1, stdout.length - 16, 7]);
      return stdout.subarray(16).toString().split('\0').slice(0, 2);
    };
    expect(await faultOf('nothing')).toEqual(['probe-unknown', 'cannot run nothing: there is no probe nothing']);
    expect(await faultOf('cpu-profile', '--hz', '1000')).toEqual([
      'bad-option',
      'cannot run cpu-profile: --hz must lie between 1 and 999',
    ]);
    expect(await faultOf('cpu-profile', '--hz', '9x')).toEqual([
      'bad-option',
      'cannot run cpu-profile: --hz wants a whole number, not 9x',
    ]);
    expect(await faultOf('cpu-profile', '--tempo', '9')).toEqual([
      'bad-option',
      'cannot run cpu-profile: there is no option --tempo',
    ]);
  });

  describe('sha256', () => {
    // The lengths at which padding takes another block, and those around the buffer.
    test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 65_535, 65_536, 65_537, 1_000_003])('of %i bytes', async (size) => {
      const data = randomBytes(size);
      writeFileSync(path('data'), data);
      const { stdout } = await run(['sha256', 'data']);
      expect(String(stdout)).toBe(`${createHash('sha256').update(data).digest('hex')}  data\n`);
    });

    test('of what is not there', async () => {
      const { code, stderr } = await run(['sha256', 'nothing']);
      expect(code).toBe(1);
      expect(stderr).toBe('loader: cannot read nothing: No such file or directory\n');
    });
  });

  describe('unpack', () => {
    const plain = Buffer.concat([randomBytes(300_000), Buffer.alloc(5_000_000, 'sonde')]);
    const packed = gzipSync(plain);
    const sum = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    const unpack = (input: Buffer, { sha256 = sum(input), size = input.length, more = [] as string[] } = {}) =>
      run(['unpack', '--sha256', sha256, '--size', String(size), '-o', 'file', ...more], input);
    const expectNothingLeft = () => expect(readdirSync(folder)).toEqual([]);

    test('writes the file, for its owner to execute', async () => {
      expect(await unpack(packed)).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(path('file')).equals(plain)).toBe(true);
      expect(statSync(path('file')).mode & 0o777).toBe(0o700);
      expect(readdirSync(folder)).toEqual(['file']);
    });

    test('takes another mode, and replaces a file as a whole', async () => {
      writeFileSync(path('file'), 'old');
      expect(await unpack(packed, { more: ['--mode', '0640'] })).toMatchObject({ code: 0 });
      expect(statSync(path('file')).mode & 0o777).toBe(0o640);
    });

    test('reads no more than its size', async () => {
      const { code } = await unpack(Buffer.concat([packed, randomBytes(70_000)]), {
        sha256: sum(packed),
        size: packed.length,
      });
      expect(code).toBe(0);
    });

    test('refuses a wrong sum, and tells the one it found', async () => {
      const { code, stderr } = await unpack(packed, { sha256: '0'.repeat(64) });
      expect(code).toBe(7);
      expect(stderr).toContain(`its sha256 is: ${sum(packed)}`);
      expectNothingLeft();
    });

    test('refuses input that ends early', async () => {
      const { code, stderr } = await unpack(packed.subarray(0, -1), { sha256: sum(packed), size: packed.length });
      expect([code, stderr]).toEqual([6, 'loader: cannot unpack file: the input ended early\n']);
      expectNothingLeft();
    });

    test('refuses what is not a whole gzip stream', async () => {
      for (const wrong of [plain.subarray(0, 9999), packed.subarray(0, -9)]) {
        expect(await unpack(wrong)).toMatchObject({ code: 8 });
        expectNothingLeft();
      }
    });

    test('does not write through a link, and says why it cannot write', async () => {
      writeFileSync(path('target'), 'mine');
      symlinkSync('target', path('file'));
      expect(await unpack(packed)).toMatchObject({ code: 0 });
      expect(readFileSync(path('target'), 'utf8')).toBe('mine');
      const { code, stderr } = await run(['unpack', '--sha256', sum(packed), '--size', '1', '-o', 'no/file'], packed);
      expect([code, stderr]).toEqual([
        1,
        'loader: cannot unpack no/file: cannot create the file: No such file or directory\n',
      ]);
    });

    test('says when the disk is full', async () => {
      // The smallest full disk: a limit on the size of its files, with the signal for it ignored.
      const child = spawn(
        'sh',
        [
          '-c',
          `ulimit -f 64; trap '' XFSZ; exec ${loader} "$@"`,
          'sh',
          'unpack',
          '--sha256',
          sum(packed),
          '--size',
          String(packed.length),
          '-o',
          'file',
        ],
        { cwd: folder },
      );
      const result = ended(child);
      child.stdin.on('error', () => {});
      child.stdin.end(packed);
      const { code, stderr } = await result;
      expect([code, stderr]).toEqual([9, 'loader: cannot unpack file: cannot write: File too large\n']);
      expectNothingLeft();
    });

    test('removes the parts of the dead, not of the living', async () => {
      const dead = spawn('true');
      await ended(dead);
      for (const pid of [dead.pid, process.pid]) writeFileSync(path(`file.part-${pid}`), '');
      await unpack(packed);
      expect(readdirSync(folder).sort()).toEqual(['file', `file.part-${process.pid}`]);
    });

    test('killed, it leaves only a part', async () => {
      const child = start('unpack', '--sha256', sum(packed), '--size', String(packed.length), '-o', 'file');
      child.stdin.write(packed.subarray(0, 100_000));
      await expect.poll(() => readdirSync(folder)).toEqual([`file.part-${child.pid}`]);
      child.kill('SIGKILL');
      await ended(child);
      expect(await unpack(packed)).toMatchObject({ code: 0 });
      expect(readdirSync(folder)).toEqual(['file']);
    });
  });

  describe('relay', () => {
    let server: Server | undefined;
    afterEach(() => server?.close());
    const serve = (onSocket: (socket: Socket) => void) =>
      new Promise<void>((resolve) => {
        server = createServer({ allowHalfOpen: true }, onSocket).listen(path('socket'), resolve);
      });

    test('carries both ways, and answers that come after the end of stdin', async () => {
      const sent = randomBytes(3_000_000);
      await serve((socket) => {
        const got: Buffer[] = [];
        socket.on('data', (chunk: Buffer) => got.push(chunk));
        socket.on('end', () => void sleep(200).then(() => socket.end(Buffer.concat(got).reverse())));
      });
      const { code, stdout } = await run(['relay', 'socket'], sent);
      expect(code).toBe(0);
      expect(stdout.equals(Buffer.from(sent).reverse())).toBe(true);
    });

    test('ends when the socket ends, after all it said, though stdin is open', async () => {
      await serve((socket) => socket.end(Buffer.alloc(1_000_000, 'x')));
      const child = start('relay', 'socket');
      const { code, stdout } = await ended(child);
      expect([code, stdout.length]).toEqual([0, 1_000_000]);
    });

    test('a slow reader holds up the sender, and sleeps instead of spinning', async () => {
      await serve((socket) => void socket.on('error', () => {}).write(Buffer.alloc(10_000_000, 'x')));
      const child = start('relay', 'socket');
      child.stdout.pause();
      await sleep(500);
      const ticks = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
      const before = ticks();
      await sleep(500);
      expect(ticks()).toEqual(before);
      expect(residentKb(child)).toBeLessThan(1000);
      child.kill();
    });

    test('without a socket: exit code 3', async () => {
      const { code, stderr } = await run(['relay', 'socket']);
      expect([code, stderr]).toEqual([3, 'loader: cannot connect to socket: No such file or directory\n']);
    });
  });

  describe('daemon', () => {
    // Where nobody adopts orphans properly, a dead one stays in the table as a zombie.
    const isRunning = (pid: number) =>
      existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

    test('leaves a command running in a session of its own', async () => {
      const script = 'echo out; echo err >&2; ls -l /proc/self/fd | sed -n "s/.* -> //p"; pwd; exec sleep 60';
      const { code, stdout, stderr } = await run(['daemon', 'log', '--', 'sh', '-c', script]);
      const pid = Number(stdout);
      try {
        expect([code, stderr]).toEqual([0, '']);
        await expect.poll(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('sleep\0' + '60\0');
        const [, ppid, , session] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
        expect(Number(session)).not.toBe(pid);
        expect(Number(ppid)).not.toBe(process.pid);
        const log = readFileSync(path('log'), 'utf8').split('\n');
        expect(log.slice(0, 2)).toEqual(['out', 'err']);
        // Of our descriptors it has stdin, and the log twice; the pipe and the folder are those of ls and sed.
        expect(log.filter((line) => line === '/dev/null')).toHaveLength(1);
        expect(log.filter((line) => line === '/')).toHaveLength(1);
        expect(statSync(path('log')).mode & 0o777).toBe(0o600);
      } finally {
        process.kill(pid, 'SIGKILL');
      }
      await expect.poll(() => isRunning(pid)).toBe(false);
    });

    test('appends to its log', async () => {
      for (const word of ['one', 'two']) await run(['daemon', 'log', '--', 'echo', word]);
      await expect.poll(() => readFileSync(path('log'), 'utf8')).toBe('one\ntwo\n');
    });

    test('tells why a command cannot be executed', async () => {
      const missing = await run(['daemon', 'log', '--', '/no/such/command']);
      expect(missing).toMatchObject({
        code: 4,
        stderr: 'loader: cannot execute /no/such/command: No such file or directory\n',
      });
      expect(String(missing.stdout)).toBe('');
      writeFileSync(path('script'), '#!/bin/sh\n', { mode: 0o600 });
      const script = await run(['daemon', 'log', '--', path('script')]);
      expect(script).toMatchObject({
        code: 4,
        stderr: `loader: cannot execute ${path('script')}: Permission denied\n`,
      });
      symlinkSync('elsewhere', path('link'));
      expect(await run(['daemon', 'link', '--', 'true'])).toMatchObject({ code: 4 });
    });
  });

  describe('kallsyms', () => {
    const isShown = /^[0-9a-f]*[1-9a-f]/.test(
      existsSync('/proc/kallsyms') ? readFileSync('/proc/kallsyms', 'utf8').slice(0, 1000) : '',
    );

    test.skipIf(!isShown)('is a sorted table of functions', async () => {
      expect(await run(['kallsyms', 'table'])).toMatchObject({ code: 0, stderr: '' });
      expect(statSync(path('table')).mode & 0o777).toBe(0o600);
      const table = readFileSync(path('table'));
      expect(table.toString('latin1', 0, 8)).toBe('SONDEKS1');
      const [count, namesBytes] = [table.readUInt32LE(8), table.readUInt32LE(12)];
      const names = 16 + 16 * count;
      expect(table.length).toBe(names + namesBytes);
      const text = (offset: number) => table.toString('utf8', names + offset, table.indexOf(0, names + offset));
      const found = new Map<bigint, string>();
      let last = -1n;
      for (let at = 16; at < names; at += 16) {
        const address = table.readBigUInt64LE(at);
        if (address <= last) throw new Error(`address ${address} comes after ${last}`);
        last = address;
        found.set(address, `${text(table.readUInt32LE(at + 8))} ${text(table.readUInt32LE(at + 12))}`);
      }
      const first = new Map<bigint, string>();
      for (const line of readFileSync('/proc/kallsyms', 'utf8').split('\n')) {
        const match = /^([0-9a-f]+) [tTwW] (\S+)(?:\t\[(.*)\])?$/.exec(line);
        if (!match) continue;
        const address = BigInt(`0x${match[1]}`);
        if (!first.has(address)) first.set(address, `${match[2]} ${match[3] ?? ''}`);
      }
      // Programs of others come and go in the kernel's list; functions of the kernel and its modules do not.
      const lasting = ([, name]: [bigint, string]) => !name.endsWith(' bpf') && !name.startsWith('bpf_prog_');
      expect([...found].filter(lasting)).toEqual([...first].sort((a, b) => (a[0] < b[0] ? -1 : 1)).filter(lasting));
    });
  });
});

function ended(child: ChildProcess): Promise<Result> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(stdout), stderr })),
  );
}

function residentKb(child: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
}
