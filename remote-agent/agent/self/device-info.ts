/** What this device is, for the first record of a run. Everything is optional: an odd box still gets a record. */
import { existsSync } from 'node:fs';
import { arch, endianness, machine, totalmem } from 'node:os';
import { SONDE_VERSION } from '../../protocol/index.ts';
import type { DeviceInfo } from '../../protocol/generated/sonde_pb.ts';
import { readBytes, readSmall } from '../proc/procfs.ts';
import { uptimeNs } from './clock.ts';

const AT_PAGESZ = 6;
const DEFAULT_PAGE_SIZE = 4096;
const CPUINFO_BYTES = 64 << 10;

export function readDeviceInfo(procRoot: string, runId: Uint8Array): Omit<DeviceInfo, '$typeName' | '$unknown'> {
  const kernel = (name: string) => trimmed(readBytes(`${procRoot}/sys/kernel/${name}`));
  return {
    hostname: kernel('hostname'),
    machine: machine?.() ?? arch(), // os.machine came with Node 18.9
    kernelRelease: kernel('osrelease'),
    kernelVersion: kernel('version'),
    osName: latin1(parseOsName(readSmall('/etc/os-release') ?? readSmall('/usr/lib/os-release') ?? '')),
    onlineCpus: parseCpuList(readSmall('/sys/devices/system/cpu/online') ?? '0'),
    memoryBytes: BigInt(totalmem()),
    bootId: kernel('random/boot_id'),
    uptimeNs: uptimeNs(procRoot),
    cpuModel: latin1(parseCpuModel(readSmall(`${procRoot}/cpuinfo`, CPUINFO_BYTES) ?? '')),
    hardwareModel: hardwareModel(),
    hasBtf: existsSync('/sys/kernel/btf/vmlinux'),
    agentVersion: SONDE_VERSION,
    nodeVersion: process.version,
    pageSize: parsePageSize(readBytes(`${procRoot}/self/auxv`) ?? Buffer.alloc(0)),
    runId,
  };
}

/** PRETTY_NAME="Debian GNU/Linux 12 (bookworm)" */
export function parseOsName(text: string): string {
  return /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(text)?.[2] ?? '';
}

/** "0-3,5" → 5 */
export function parseCpuList(text: string): number {
  return text
    .trim()
    .split(',')
    .reduce((count, part) => {
      const [first = '0', last = first] = part.split('-');
      return count + Math.max(0, Number(last) - Number(first)) + 1;
    }, 0);
}

/** x86 says "model name", old ARM "Hardware" or "Processor", MIPS "cpu model", RISC-V "uarch". */
export function parseCpuModel(text: string): string {
  for (const key of ['model name', 'Hardware', 'Processor', 'cpu model', 'uarch']) {
    const value = new RegExp(`^${key}\\s*:\\s*(.+)$`, 'm').exec(text)?.[1];
    if (value) return value.trim();
  }
  return '';
}

/** The auxiliary vector: pairs of words. */
export function parsePageSize(auxv: Buffer): number {
  const is64 = process.arch !== 'arm' && process.arch !== 'ia32';
  const word = is64 ? 8 : 4;
  // The low half of a word is enough for both numbers.
  const low = (at: number) => (endianness() === 'LE' ? auxv.readUInt32LE(at) : auxv.readUInt32BE(at + word - 4));
  for (let at = 0; at + 2 * word <= auxv.length; at += 2 * word) if (low(at) === AT_PAGESZ) return low(at + word);
  return DEFAULT_PAGE_SIZE;
}

function hardwareModel(): Uint8Array {
  const tree = readBytes('/sys/firmware/devicetree/base/model');
  if (tree) return trimmed(tree);
  const parts = ['sys_vendor', 'product_name'].map((name) => readSmall(`/sys/class/dmi/id/${name}`)?.trim() ?? '');
  return latin1(parts.filter((part) => part !== '').join(' '));
}

/** Without the NUL or line end that such files end with. */
function trimmed(bytes: Buffer | null): Uint8Array {
  let end = bytes?.length ?? 0;
  while (bytes && end > 0 && (bytes[end - 1] ?? 0) <= 32) end--;
  return bytes?.subarray(0, end) ?? new Uint8Array(0);
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
