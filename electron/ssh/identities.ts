/** Every key that may open the door, in the order they are tried, whether a file or the SSH agent holds it. */
import { type BaseAgent, createAgent, type ParsedKey, utils } from 'ssh2';
import { faultOf, raise } from '../../remote-agent/protocol/fault.ts';
import type { Ask } from './ask.ts';
import type { Hop, IdentityFile } from './hop.ts';
import { fingerprintOf } from './host-key.ts';
import { openPrivateKey, type PrivateKeyFile } from './private-key.ts';

export interface Identity {
  /** "key ~/.ssh/id_ed25519", "agent key ops@laptop" */
  readonly label: string;
  readonly publicKey: ParsedKey;
  sign(data: Buffer, hash: string | undefined, ask: Ask): Promise<Buffer>;
}

/** Signing a key was given up by the user: the next one is tried. */
export class SkippedKey extends Error {}

export async function gatherIdentities(hop: Hop, ask: Ask, log: (line: string) => void): Promise<Identity[]> {
  const held = await agentIdentities(hop.agentSocket, log);
  const files: { identity: Identity; given: boolean }[] = [];
  for (const file of hop.identityFiles) {
    const identity = await fileIdentity(file, held, ask, log);
    if (identity) files.push({ identity, given: file.from === 'given' });
  }
  const given = files.filter((each) => each.given).map((each) => each.identity);
  const others = files.filter((each) => !each.given).map((each) => each.identity);
  return unique([...given, ...(hop.identitiesOnly ? [] : held), ...others]);
}

/** A key that both the agent and a file hold is signed by the agent: no passphrase is asked. */
async function fileIdentity(
  file: IdentityFile,
  held: readonly Identity[],
  ask: Ask,
  log: (line: string) => void,
): Promise<Identity | null> {
  try {
    const opened = await openPrivateKey(file.path);
    if (opened === null) return missing(file, log);
    const blob = opened.publicBlob;
    const byAgent = blob && held.find((identity) => identity.publicKey.getPublicSSH().equals(blob));
    return byAgent ?? (await usableKey(opened, ask));
  } catch (error) {
    const fault = faultOf(error);
    if (file.from === 'given' || !fault || fault.code === 'cancelled') throw error;
    log(fault.message);
    return null;
  }
}

async function usableKey(opened: PrivateKeyFile, ask: Ask): Promise<Identity | null> {
  const publicKey = opened.publicBlob ? readPublic(opened.publicBlob) : await opened.unlock(ask);
  if (publicKey === null) return null;
  let unlocked: Promise<ParsedKey | null> | null = publicKey.isPrivateKey() ? Promise.resolve(publicKey) : null;
  return {
    label: `key ${opened.path}`,
    publicKey,
    sign: async (data, hash, askNow) => {
      unlocked ??= opened.unlock(askNow);
      const key = await unlocked;
      if (key === null) throw new SkippedKey(`${opened.path} was left out`);
      const signature: Buffer | Error = key.sign(data, hash); // typed as if it never failed
      if (signature instanceof Error) throw signature;
      return signature;
    },
  };
}

function missing(file: IdentityFile, log: (line: string) => void): null {
  if (file.from === 'given') raise('key-unusable', `cannot use the key ${file.path}: there is no such file`);
  if (file.from === 'config') log(`${file.path} of the SSH configuration does not exist`);
  return null;
}

async function agentIdentities(socket: string, log: (line: string) => void): Promise<Identity[]> {
  if (socket === '') return [];
  const agent = createAgent(socket);
  try {
    const keys = await new Promise<ParsedKey[]>((resolve, reject) => {
      // ssh2 hands out parsed keys here; kinds it does not know (FIDO, certificates) are left out by it.
      agent.getIdentities((error, found) => (error ? reject(error) : resolve((found ?? []) as ParsedKey[])));
    });
    return keys.map((key) => agentIdentity(agent, key));
  } catch (error) {
    log(`the SSH agent does not answer: ${(error as Error).message}`);
    return [];
  }
}

function agentIdentity(agent: BaseAgent, publicKey: ParsedKey): Identity {
  return {
    label: `agent key ${publicKey.comment || fingerprintOf(publicKey.getPublicSSH())}`,
    publicKey,
    sign: (data, hash) =>
      new Promise<Buffer>((resolve, reject) => {
        const options = hash === undefined ? {} : { hash: hash as 'sha256' };
        agent.sign(publicKey, data, options, (error, signature) =>
          error || !signature ? reject(error ?? new Error('no signature')) : resolve(signature),
        );
      }),
  };
}

function readPublic(blob: Buffer): ParsedKey | null {
  const key = utils.parseKey(blob);
  return key instanceof Error ? null : key;
}

function unique(identities: readonly Identity[]): Identity[] {
  const seen = new Set<string>();
  return identities.filter((identity) => {
    const blob = identity.publicKey.getPublicSSH().toString('base64');
    return seen.has(blob) ? false : seen.add(blob);
  });
}
