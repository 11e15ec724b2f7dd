import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('kallsyms', () => {
  const loader = useLoader();
  const isShown = /^[0-9a-f]*[1-9a-f]/.test(
    existsSync('/proc/kallsyms') ? readFileSync('/proc/kallsyms', 'utf8').slice(0, 1000) : '',
  );

  test.skipIf(!isShown)('is a sorted table of functions', async () => {
    expect(await loader.run(['kallsyms', 'table'])).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(loader.path('table')).mode & 0o777).toBe(0o600);
    const table = readFileSync(loader.path('table'));
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
