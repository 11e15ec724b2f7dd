/**
 * Passwords that somebody asked to be remembered, each encrypted with a key that the system keeps. Where the system has
 * no such keeper nothing is kept at all: Electron would write with a key that everybody knows.
 */
import { randomUUID } from 'node:crypto';
import { raise } from '../../remote-agent/protocol/fault.ts';
import {
  isInteger,
  isList,
  isName,
  isNumber,
  isObject,
  isOneOf,
  isText,
  type KeptSecret,
  type Secret,
  type SecretStoreView,
} from '../bridge/index.ts';
import { JsonFile } from './json-file.ts';

/** What Electron's safeStorage can do, as far as it is used here. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

interface Kept extends KeptSecret {
  /** base64 */
  readonly encrypted: string;
}

const MAX_KEPT = 200;
/** Of Electron's backends: these are no encryption, or not known to be any. */
const PLAIN = ['basic_text', 'unknown'];

const isStored = isObject<{ version: number; secrets: readonly Kept[] }>({
  version: isInteger(1, 1),
  secrets: isList(
    isObject<Kept>({
      id: isName(64),
      destination: isName(1024),
      purpose: isOneOf('password', 'passphrase', 'sudo'),
      text: isText(),
      keptMs: isNumber(0),
      encrypted: isText(1 << 16),
    }),
    MAX_KEPT,
  ),
});

/** Without the password, and without what it became. */
function shown({ id, destination, purpose, text, keptMs }: Kept): KeptSecret {
  return { id, destination, purpose, text, keptMs };
}

export class SecretStore {
  readonly #file: JsonFile<{ version: number; secrets: readonly Kept[] }>;
  readonly #safe: SafeStorage;

  constructor(file: string, safe: SafeStorage) {
    this.#file = new JsonFile(file, isStored, { version: 1, secrets: [] });
    this.#safe = safe;
  }

  view(): SecretStoreView {
    return { refusal: this.#refusal(), kept: this.#kept().map(shown) };
  }

  /** In the place of what answered the same question before. */
  keep(destination: string, secrets: readonly Secret[], nowMs: number): void {
    const refusal = this.#refusal();
    if (refusal !== null) raise('bad-option', `cannot remember a password: ${refusal}`);
    const isReplaced = (kept: Kept): boolean =>
      kept.destination === destination &&
      secrets.some(({ purpose, text }) => purpose === kept.purpose && text === kept.text);
    const added = secrets.map(({ purpose, text, secret }) => ({
      id: randomUUID(),
      destination,
      purpose,
      text,
      keptMs: nowMs,
      encrypted: this.#safe.encryptString(secret).toString('base64'),
    }));
    this.#store([...added, ...this.#kept().filter((kept) => !isReplaced(kept))]);
  }

  /** What the questions on the way to a device are answered with. One that cannot be read any more is asked for again. */
  of(destination: string): readonly Secret[] {
    if (this.#refusal() !== null) return [];
    return this.#kept()
      .filter((kept) => kept.destination === destination)
      .flatMap(({ purpose, text, encrypted }) => {
        const secret = this.#open(encrypted);
        return secret === null ? [] : [{ purpose, text, secret }];
      });
  }

  forget(id: string): void {
    this.#store(this.#kept().filter((kept) => kept.id !== id));
  }

  forgetDevice(destination: string): void {
    const others = this.#kept().filter((kept) => kept.destination !== destination);
    if (others.length < this.#kept().length) this.#store(others);
  }

  #kept(): readonly Kept[] {
    return this.#file.read().secrets;
  }

  #refusal(): string | null {
    const backend = this.#safe.getSelectedStorageBackend?.();
    if (!this.#safe.isEncryptionAvailable() || (backend !== undefined && PLAIN.includes(backend)))
      return 'this computer has no keyring that Sonde could lock it in (GNOME Keyring, KWallet). It would lie there as plain text.';
    return null;
  }

  #open(encrypted: string): string | null {
    try {
      return this.#safe.decryptString(Buffer.from(encrypted, 'base64'));
    } catch (error) {
      // Of another keyring, or damaged. Its words name no secret.
      console.error(`cannot read a kept password: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  #store(secrets: readonly Kept[]): void {
    try {
      this.#file.write({ version: 1, secrets: secrets.slice(0, MAX_KEPT) });
    } catch (error) {
      raise('file-io', `cannot keep that: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
