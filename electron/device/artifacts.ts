/** The files that are sent to a device, as the build left them in one directory (out/device). */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** What travels. Read when it is sent: a runtime is 16 MB. */
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
  const sum = sha256(loader);
  return {
    loader: {
      name: `loader-${shortHash(sum)}`,
      bytes: loader.length,
      sha256: sum,
      travelBytes: loader.length,
      read: () => Promise.resolve(loader),
    },
    agent: await findAgent(directory),
    node: await findNode(directory, arch),
  };
}

async function findAgent(directory: string): Promise<Artifacts['agent']> {
  const { facts, ...packed } = await findPacked(directory, 'agent');
  const { plainSha256 } = facts;
  if (typeof plainSha256 !== 'string') return damaged('agent.json');
  return { ...packed, name: `agent-${shortHash(plainSha256)}.cjs`, plainSha256 };
}

async function findNode(directory: string, arch: LoaderArch): Promise<Artifacts['node']> {
  const name = `node-${arch}`;
  if (!existsSync(join(directory, `${name}.json`))) return null; // not every architecture has one
  const { facts, ...packed } = await findPacked(directory, name);
  const { version } = facts;
  if (typeof version !== 'string') return damaged(`${name}.json`);
  return { ...packed, name: `node-${shortHash(packed.sha256)}`, version };
}

type Packed = Omit<Artifact, 'name'> & { readonly facts: Readonly<Record<string, unknown>> };

/** NAME.zst with a NAME.json that says what it is (build/pack.mjs). */
async function findPacked(directory: string, name: string): Promise<Packed> {
  const file = join(directory, `${name}.zst`);
  const facts = JSON.parse((await readBuilt(directory, `${name}.json`)).toString()) as Record<string, unknown>;
  const { sha256: sum, size, unpacked } = facts;
  if (typeof sum !== 'string' || typeof size !== 'number' || typeof unpacked !== 'number')
    return damaged(`${name}.json`);
  if ((await stat(file).catch(() => null))?.size !== size) return damaged(`${name}.zst`);
  return { facts, sha256: sum, travelBytes: size, bytes: unpacked, read: () => readFile(file) };
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

function shortHash(sum: string): string {
  return sum.slice(0, NAME_HASH_CHARS);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
