import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dictionary } from '../../../remote-agent/agent/names/dictionary.ts';
import { HostsFiles } from '../../../remote-agent/agent/names/hosts-file.ts';
import { addressText } from '../../../remote-agent/protocol/index.ts';

let folder: string;
let path: string;
let dictionary: Dictionary;
let hosts: HostsFiles;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sonde-hosts-`);
  path = `${folder}/hosts`;
  dictionary = new Dictionary();
  hosts = new HostsFiles(() => [path], dictionary);
  nowMs = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the client is told when the file is this, so many seconds later. */
function told(text: string | null, seconds = 10): string[] {
  nowMs += seconds * 1000;
  if (text === null) rmSync(path, { force: true });
  else {
    writeFileSync(path, text, 'latin1');
    utimesSync(path, nowMs, nowMs);
  }
  hosts.check(nowMs);
  const names = dictionary.take()?.addressNames ?? [];
  return names.map(({ address, name }) => `${addressText(address)} ${Buffer.from(name).toString('latin1')}`);
}

describe('/etc/hosts', () => {
  it('names addresses, the first name of the first line', () => {
    const file = `
      127.0.0.1\tlocalhost loopback   # comment
      # 10.0.0.1 no
      10.0.0.7  plc-7.local plc-7
      10.0.0.7  other
      2001:DB8:0::5 gateway#x
      fe80::1%eth0 zone
      10.0.0.300 bad
      10.0.0.8
      nonsense`;
    expect(told(file)).toEqual(['127.0.0.1 localhost', '10.0.0.7 plc-7.local', '2001:db8::5 gateway']);
  });

  it('is read again when it changed: what is new, what is another, what is gone', () => {
    told('10.0.0.1 a\n10.0.0.2 b\n10.0.0.3 c');
    expect(told('10.0.0.1 a\n10.0.0.2 bb\n10.0.0.4 d')).toEqual(['10.0.0.2 bb', '10.0.0.4 d', '10.0.0.3 ']);
    expect(told('10.0.0.1 a', 3)).toEqual([]); // not looked at yet
    expect(told('10.0.0.1 a', 10)).toEqual(['10.0.0.2 ', '10.0.0.4 ']);
    expect(told(null)).toEqual(['10.0.0.1 ']);
    expect(told(null)).toEqual([]);
  });

  it('may hold anything', () => {
    const junk = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    expect(told(`${junk}\n10.0.0.1 ${'x'.repeat(256)}\n10.0.0.2 caf\xe9\n${'1.2.3.4 '.repeat(20_000)}`)).toEqual([
      '10.0.0.2 caf\xe9',
      '1.2.3.4 1.2.3.4',
    ]);
  });

  it('is read no further than 10,000 lines', () => {
    const lines = Array.from({ length: 12_000 }, (_, i) => `10.0.${i >> 8}.${i & 255} host-${i}`);
    expect(told(lines.join('\n'))).toHaveLength(10_000);
  });
});
