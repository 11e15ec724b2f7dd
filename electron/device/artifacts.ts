/** The files that are sent to a device, as the build left them in one directory (out/device). */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { LoaderArch } from './facts.ts';

/** 48 bits of a hash in a file name: no two versions meet on one device. */
const NAME_HASH_CHARS = 12;

export interface Artifact {
  /** Name on the device: says what it is and of which content. */
  readonly name: string;
  /** Bytes on the device, unpacked. */
  readonly bytes: number;
  /** sha256 of what travels, lower-case hex. */
  readonly sha256: string;
  /** Bytes that travel. */
  readonly travelBytes: number;
  /** What travels. Read when it is sent: a runtime is 32 MB. */
  read(): Promise<Buffer>;
}

export interface Artifacts {
  /** Travels as it is: it is the program that unpacks the others. */
  readonly loader: Artifact;
  /** Its sha256 on the device, to check one that is there. */
  readonly agent: Artifact & { readonly plainSha256: string };
  /** null = no runtime is shipped for this architecture. */
  readonly node: (Artifact & { readonly version: string }) | null;
}

export async function findArtifacts(directory: string, arch: LoaderArch): Promise<Artifacts> {
  const loader = await readBuilt(directory, `loader-${arch}`);
  const agent = await readBuilt(directory, 'agent.cjs');
  const packedAgent = gzipSync(agent, { level: 9 });
  const plainSha256 = sha256(agent);
  return {
    loader: { ...whole(loader), name: `loader-${sha256(loader).slice(0, NAME_HASH_CHARS)}`, bytes: loader.length },
    agent: {
      ...whole(packedAgent),
      name: `agent-${plainSha256.slice(0, NAME_HASH_CHARS)}.cjs`,
      bytes: agent.length,
      plainSha256,
    },
    node: await findNode(directory, arch),
  };
}

function whole(bytes: Buffer): Pick<Artifact, 'sha256' | 'travelBytes' | 'read'> {
  return { sha256: sha256(bytes), travelBytes: bytes.length, read: () => Promise.resolve(bytes) };
}

async function findNode(directory: string, arch: LoaderArch): Promise<Artifacts['node']> {
  const file = join(directory, `node-${arch}.gz`);
  const described = await readFile(join(directory, `node-${arch}.json`), 'utf8').catch(() => null); // not every architecture has one
  if (described === null) return null;
  const { version, sha256: sum, size, unpacked } = JSON.parse(described) as Record<string, unknown>;
  if (
    typeof version !== 'string' ||
    typeof sum !== 'string' ||
    typeof size !== 'number' ||
    typeof unpacked !== 'number'
  ) {
    return damaged(`node-${arch}.json`);
  }
  if ((await stat(file).catch(() => null))?.size !== size) return damaged(`node-${arch}.gz`);
  return {
    name: `node-${sum.slice(0, NAME_HASH_CHARS)}`,
    version,
    bytes: unpacked,
    sha256: sum,
    travelBytes: size,
    read: () => readFile(file),
  };
}

async function readBuilt(directory: string, name: string): Promise<Buffer> {
  return await readFile(join(directory, name)).catch(() =>
    raise(
      'file-io',
      `cannot send Sonde to the device: ${name} is missing in ${directory}`,
      'The installation is incomplete: install Sonde again, or run npm run build in a checkout.',
    ),
  );
}

function damaged(name: string): never {
  return raise(
    'file-io',
    `cannot send Sonde to the device: ${name} is damaged`,
    'Install Sonde again, or run npm run build in a checkout.',
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
