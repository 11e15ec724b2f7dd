/** Who answers a question on the way to a device: what was kept, or the user. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Prompt, Secret, SessionView } from '../../../electron/bridge/index.ts';
import { KeptSecrets } from '../../../electron/host/kept-secrets.ts';

const TEXT = 'Password of root@box';
const KEPT: Secret = { purpose: 'password', text: TEXT, secret: 'hunter2' };
const LIVE = { kind: 'live' } as SessionView;

let answered: [number, string][];
let kept: Secret[];
let secrets: KeptSecrets;
const withKept = (all: readonly Secret[]) =>
  new KeptSecrets(all, { answer: (id, value) => answered.push([id, value]), keep: (more) => kept.push(...more) });
beforeEach(() => {
  answered = [];
  kept = [];
  secrets = withKept([KEPT]);
});

const asking = (prompt: Prompt): SessionView => ({ kind: 'connecting', steps: [], prompt });
const password = (id: number, more: Partial<Extract<Prompt, { kind: 'secret' }>> = {}): Prompt => ({
  kind: 'secret',
  id,
  purpose: 'password',
  text: TEXT,
  retry: false,
  ...more,
});
const promptOf = (view: SessionView) => (view.kind === 'connecting' ? view.prompt : undefined);

describe('what was kept', () => {
  test('answers its question, which the window does not see', async () => {
    expect(promptOf(secrets.see(asking(password(1))))).toBeNull();
    expect(answered).toEqual([]); // not amid the telling
    await Promise.resolve();
    expect(answered).toEqual([[1, 'hunter2']]);
  });

  test('answers the question of a Debian sshd too, which asks by keyboard', async () => {
    const text = 'root@box: (root@box) Password:';
    secrets = withKept([{ ...KEPT, text }]);
    secrets.see(asking(password(1, { purpose: 'keyboard-interactive', text })));
    await Promise.resolve();
    expect(answered).toEqual([[1, 'hunter2']]);
  });

  test.each([
    ['another question', password(1, { text: 'Password of root@elsewhere' })],
    ['another purpose', password(1, { purpose: 'sudo' })],
    ['a wrong answer before', password(1, { retry: true })],
    ['a one-time code', password(1, { purpose: 'keyboard-interactive', text: `${TEXT} One-time password:` })],
  ])('does not answer after %s', async (_, prompt) => {
    expect(promptOf(secrets.see(asking(prompt)))).toEqual(prompt);
    await Promise.resolve();
    expect(answered).toEqual([]);
  });

  test('is not told to a device that was a stranger a moment ago', async () => {
    secrets.see(asking({ kind: 'host-key', id: 1, host: 'box', algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x' }));
    expect(promptOf(secrets.see(asking(password(2))))).not.toBeNull();
    await Promise.resolve();
    expect(answered).toEqual([]);
  });
});

describe('what is typed', () => {
  const type = (value: string | null, keep: boolean, id = 1) => {
    secrets.see(asking(password(id, { purpose: 'sudo', text: 'sudo asks' })));
    secrets.answered(id, value, keep);
  };

  test('is kept once the device has accepted it', () => {
    type('s3cret', true);
    expect(kept).toEqual([]);
    secrets.see(LIVE);
    secrets.see(LIVE);
    expect(kept).toEqual([{ purpose: 'sudo', text: 'sudo asks', secret: 's3cret' }]);
  });

  test('the last answer counts: a wrong one was before it', () => {
    type('wrong', true);
    type('right', true, 2);
    secrets.see(LIVE);
    expect(kept.map(({ secret }) => secret)).toEqual(['right']);
  });

  test('a wrong one that was to be kept goes, whatever comes after it', () => {
    type('wrong', true);
    type('right', false, 2);
    secrets.see(LIVE);
    expect(kept).toEqual([]);
  });

  test('is not kept unless that was asked for, nor a cancelled one', () => {
    type('s3cret', false);
    type(null, true, 2);
    secrets.see(LIVE);
    expect(kept).toEqual([]);
  });

  test('is not kept where the connection came to nothing', () => {
    type('s3cret', true);
    secrets.see({ kind: 'ended', fault: null, steps: [], recording: null });
    expect(kept).toEqual([]);
  });
});
