/** Kept passwords, on a real disk; the keyring is handed in. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Secret } from '../../../electron/bridge/index.ts';
import { type SafeStorage, SecretStore } from '../../../electron/shell/secrets.ts';

const CANARY = 'canary-hunter2-Zß';
const PASSWORD: Secret = { purpose: 'password', text: 'Password of root@box', secret: CANARY };
const SUDO: Secret = { purpose: 'sudo', text: 'sudo asks', secret: `${CANARY}-sudo` };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Turns bytes around, so that what it wrote is not what it was given. `key` of another keyring does not fit. */
function keyring(key = 0x5a, backend: string | null = 'gnome_libsecret'): SafeStorage {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ key));
  return {
    isEncryptionAvailable: () => true,
    ...(backend === null ? {} : { getSelectedStorageBackend: () => backend }),
    encryptString: (text) => Buffer.concat([Buffer.from([key]), turn(Buffer.from(text))]),
    decryptString: (encrypted) => {
      if (encrypted[0] !== key) throw new Error('Error while decrypting the ciphertext provided.');
      return turn(encrypted.subarray(1)).toString();
    },
  };
}

const store = (safe: SafeStorage = keyring()) => new SecretStore(path.join(folder, 'secrets.json'), safe);
const onDisk = () => readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));

describe('with a keyring', () => {
  test('what was kept is there at the next start, for its device alone', () => {
    store().keep('root@box', [PASSWORD, SUDO], 5);
    expect(store().of('root@box')).toEqual([PASSWORD, SUDO]);
    expect(store().of('root@other')).toEqual([]);
  });

  test('nobody but the keyring can read it: not in the file, not in the list', () => {
    store().keep('root@box', [PASSWORD], 5);
    expect(onDisk().join()).not.toContain(CANARY);
    expect(JSON.stringify(store().view())).not.toContain(CANARY);
    expect(statSync(path.join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(store().view()).toMatchObject({
      refusal: null,
      kept: [{ destination: 'root@box', purpose: 'password', text: PASSWORD.text, keptMs: 5 }],
    });
  });

  test('a new answer takes the place of the old one', () => {
    store().keep('root@box', [PASSWORD, SUDO], 5);
    store().keep('root@box', [{ ...PASSWORD, secret: 'new' }], 6);
    expect(store().of('root@box')).toEqual([{ ...PASSWORD, secret: 'new' }, SUDO]);
  });

  test('one is forgotten by itself, or all with their device', () => {
    store().keep('root@box', [PASSWORD, SUDO], 5);
    store().keep('root@other', [PASSWORD], 5);
    const [first] = store()
      .view()
      .kept.filter(({ purpose }) => purpose === 'sudo');
    store().forget(first?.id ?? '');
    expect(store().of('root@box')).toEqual([PASSWORD]);
    store().forgetDevice('root@box');
    expect(store().of('root@box')).toEqual([]);
    expect(store().of('root@other')).toEqual([PASSWORD]);
  });

  test('one that another keyring locked is asked for again, and its end told without it', () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    store().keep('root@box', [PASSWORD], 5);
    expect(store(keyring(0x11)).of('root@box')).toEqual([]);
    expect(told.mock.calls.join()).toMatch(/cannot read a kept password/);
    expect(told.mock.calls.join()).not.toContain(CANARY);
    told.mockRestore();
  });

  test('systems that have but one keeper name none', () => {
    store(keyring(0x5a, null)).keep('root@box', [PASSWORD], 5);
    expect(store(keyring(0x5a, null)).of('root@box')).toEqual([PASSWORD]);
  });
});

describe.each([
  ['plain text', keyring(0x5a, 'basic_text')],
  ['nobody knows what', keyring(0x5a, 'unknown')],
  ['nothing', { ...keyring(), isEncryptionAvailable: (): boolean => false }],
] as const)('where the keyring is %s', (_, safe) => {
  test('nothing is kept, and why is told', () => {
    expect(() => store(safe).keep('root@box', [PASSWORD], 5)).toThrow(/no keyring/);
    expect(onDisk()).toEqual([]);
    expect(store(safe).view()).toEqual({ refusal: expect.stringContaining('no keyring'), kept: [] });
  });

  test('what a better one had kept is not used', () => {
    store().keep('root@box', [PASSWORD], 5);
    expect(store(safe).of('root@box')).toEqual([]);
  });
});
