import { describe, expect, it } from 'vitest';
import { parseAvailable, parseBusy } from '../../../remote-agent/agent/self/cost.ts';
import {
  parseCpuList,
  parseCpuModel,
  parseOsName,
  parsePageSize,
  readDeviceInfo,
} from '../../../remote-agent/agent/self/device-info.ts';

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
