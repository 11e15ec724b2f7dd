/** Stands in the key exchange: lets a verified key through once, and afterwards only that same key. */
import { type Fault, faultOf } from '../../remote-agent/protocol/fault.ts';
import type { Ask } from './ask.ts';
import type { Hop } from './hop.ts';
import { type HostKey, readHostKey } from './host-key.ts';
import type { KnownHost } from './known-hosts.ts';
import { verifyHost } from './verify-host.ts';

export class HostKeyDoor {
  key: HostKey | null = null;
  /** The key is to be filed. */
  isNew = false;
  fault: Fault | null = null;
  private readonly hop: Hop;
  private readonly known: readonly KnownHost[];
  private readonly ask: Ask;
  private readonly log: (line: string) => void;

  constructor(hop: Hop, known: readonly KnownHost[], ask: Ask, log: (line: string) => void) {
    this.hop = hop;
    this.known = known;
    this.ask = ask;
    this.log = log;
  }

  async check(blob: Buffer): Promise<boolean> {
    // Long sessions exchange keys again: nobody is asked then, and nothing but the same key will do.
    if (this.key) return this.key.blob.equals(blob);
    const key = readHostKey(blob);
    try {
      if (!key) throw new Error('ssh2 handed over bytes that are no host key');
      this.isNew = (await verifyHost(this.hop, this.known, key, this.ask, this.log)).isNew;
      this.key = key;
      return true;
    } catch (error) {
      this.fault = faultOf(error) ?? {
        code: 'host-key-unknown',
        message: `cannot check the host key of ${this.hop.host}: ${error}`,
      };
      return false;
    }
  }
}
