import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import zstd from '@foxglove/wasm-zstd';
import { beforeAll, describe, expect, test } from 'vitest';
import { pack } from '../../../build/pack.mjs';
import { ended, feed, machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('unpack', () => {
  const loader = useLoader();
  const plain = Buffer.concat([randomBytes(300_000), Buffer.alloc(5_000_000, 'sonde')]);
  let packed: Buffer;
  beforeAll(async () => {
    packed = Buffer.from((await pack(plain)).packed);
  });
  const sum = (data: Buffer) => createHash('sha256').update(data).digest('hex');
  const unpack = (input: Buffer, { sha256 = sum(input), size = input.length, more = [] as string[] } = {}) =>
    loader.run(['unpack', '--sha256', sha256, '--size', String(size), '-o', 'file', ...more], input);
  const expectNothingLeft = () => expect(readdirSync(loader.folder())).toEqual([]);

  test('writes the file, for its owner to execute', async () => {
    expect(await unpack(packed)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(loader.path('file')).equals(plain)).toBe(true);
    expect(statSync(loader.path('file')).mode & 0o777).toBe(0o700);
    expect(readdirSync(loader.folder())).toEqual(['file']);
  });

  test('takes another mode, and replaces a file as a whole', async () => {
    writeFileSync(loader.path('file'), 'old');
    expect(await unpack(packed, { more: ['--mode', '0640'] })).toMatchObject({ code: 0 });
    expect(statSync(loader.path('file')).mode & 0o777).toBe(0o640);
  });

  test('zeros take no room on the disk, also at the end', async () => {
    const hollow = Buffer.concat([randomBytes(1000), Buffer.alloc(8 << 20), Buffer.from('x'), Buffer.alloc(8 << 20)]);
    expect(await unpack(Buffer.from((await pack(hollow)).packed))).toMatchObject({ code: 0 });
    expect(readFileSync(loader.path('file')).equals(hollow)).toBe(true);
    expect(statSync(loader.path('file')).blocks * 512).toBeLessThan(1 << 20);
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

  test('refuses what is not a whole zstd frame', async () => {
    for (const wrong of [plain.subarray(0, 9999), packed.subarray(0, -9)]) {
      expect(await unpack(wrong)).toMatchObject({ code: 8 });
      expectNothingLeft();
    }
  });

  test('takes no more memory for the window than it grants', async () => {
    const wide = zstd.compress(Buffer.alloc(9 << 20), 22);
    expect(await unpack(wide)).toMatchObject({
      code: 8,
      stderr: 'loader: cannot unpack file: not a whole zstd frame: Frame requires too much memory for decoding\n',
    });
    expectNothingLeft();
  });

  test('does not write through a link, and says why it cannot write', async () => {
    writeFileSync(loader.path('target'), 'mine');
    symlinkSync('target', loader.path('file'));
    expect(await unpack(packed)).toMatchObject({ code: 0 });
    expect(readFileSync(loader.path('target'), 'utf8')).toBe('mine');
    const { code, stderr } = await loader.run(
      ['unpack', '--sha256', sum(packed), '--size', '1', '-o', 'no/file'],
      packed,
    );
    expect([code, stderr]).toEqual([
      1,
      'loader: cannot unpack no/file: cannot create the file: No such file or directory\n',
    ]);
  });

  test('says when the disk is full', async () => {
    // The smallest full disk: a limit on the size of its files, with the signal for it ignored.
    const limited = `ulimit -f 64; trap '' XFSZ; exec ${loader.file} unpack "$@"`;
    const args = ['--sha256', sum(packed), '--size', String(packed.length), '-o', 'file'];
    const child = spawn('sh', ['-c', limited, 'sh', ...args], { cwd: loader.folder() });
    const { code, stderr } = await feed(child, packed);
    expect([code, stderr]).toEqual([9, 'loader: cannot unpack file: cannot write: File too large\n']);
    expectNothingLeft();
  });

  test('removes the parts of the dead, not of the living', async () => {
    const dead = spawn('true');
    await ended(dead);
    for (const pid of [dead.pid, process.pid]) writeFileSync(loader.path(`file.part-${pid}`), '');
    await unpack(packed);
    expect(readdirSync(loader.folder()).sort()).toEqual(['file', `file.part-${process.pid}`]);
  });

  test('killed, it leaves only a part', async () => {
    const child = loader.start('unpack', '--sha256', sum(packed), '--size', String(packed.length), '-o', 'file');
    child.stdin.write(packed.subarray(0, 100_000));
    await expect.poll(() => readdirSync(loader.folder())).toEqual([`file.part-${child.pid}`]);
    child.kill('SIGKILL');
    await ended(child);
    expect(await unpack(packed)).toMatchObject({ code: 0 });
    expect(readdirSync(loader.folder())).toEqual(['file']);
  });
});
