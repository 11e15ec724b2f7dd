/**
 * All identities as one agent for ssh2. So a key's public half is offered first, and its passphrase is asked for only
 * when the device says that it would take this key.
 */
import { BaseAgent, type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { FaultError } from '../../remote-agent/protocol/fault.ts';
import type { Ask } from './ask.ts';
import { type Identity, SkippedKey } from './identities.ts';

export class KeyRing extends BaseAgent<ParsedKey> {
  readonly labels: readonly string[];
  /** The key the device accepted last. */
  lastSigned: string | null = null;
  /** A key could not be unlocked, or the user cancelled: the attempt ends with this. */
  fault: FaultError | null = null;
  private readonly identities: readonly Identity[];
  private readonly ask: Ask;
  private readonly log: (line: string) => void;

  constructor(identities: readonly Identity[], ask: Ask, log: (line: string) => void) {
    super();
    this.identities = identities;
    this.ask = ask;
    this.log = log;
    this.labels = identities.map((identity) => identity.label);
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(
      undefined,
      this.identities.map((identity) => identity.publicKey),
    );
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    if (!done) throw new Error('sign() without a callback');
    void this.answer(key, data, hash, done);
  }

  private async answer(key: ParsedKey, data: Buffer, hash: string | undefined, done: SignCallback): Promise<void> {
    let signature: Buffer;
    try {
      signature = await this.signWith(key, data, hash);
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)));
    }
    done(undefined, signature);
  }

  private async signWith(key: ParsedKey, data: Buffer, hash: string | undefined): Promise<Buffer> {
    const blob = key.getPublicSSH();
    const identity = this.identities.find((each) => each.publicKey.getPublicSSH().equals(blob));
    if (!identity) throw new Error('asked to sign with a key that was not offered');
    if (this.fault) throw this.fault;
    try {
      const signature = await identity.sign(data, hash, this.ask);
      this.lastSigned = identity.label;
      return signature;
    } catch (error) {
      if (error instanceof FaultError) this.fault = error;
      else this.log(`${identity.label}: ${error instanceof SkippedKey ? 'left out' : (error as Error).message}`);
      throw error;
    }
  }
}
