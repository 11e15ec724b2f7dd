import { expect, test } from 'vitest';
import { becomeRoot } from '../../../electron/device/become-root.ts';
import { sudoShell } from '../../../electron/device/sudo-shell.ts';
import type { Shell, SshConnection } from '../../../electron/ssh/index.ts';
import { FaultError, faultOf } from '../../../remote-agent/protocol/fault.ts';
import { deviceFacts } from './facts-fixture.ts';
import { type FakeChannel, fakeChannel, settled } from './fake-channel.ts';

const PROMPT = /-p (sonde-[0-9a-f]{24}:)/;
const START = /echo (sonde-[0-9a-f]{24}\.)/;

/** sudo as the far side: `script` plays it. */
function deviceWith(script: (far: FakeChannel, marks: { prompt: string; start: string }, command: string) => void): {
  shell: Shell;
  commands: string[];
  last: () => FakeChannel;
} {
  const commands: string[] = [];
  let far = fakeChannel();
  const shell: Shell = {
    spawn: (command) => {
      far = fakeChannel();
      commands.push(command);
      const marks = { prompt: PROMPT.exec(command)?.[1] ?? '', start: START.exec(command)?.[1] ?? '' };
      setImmediate(() => script(far, marks, command));
      return Promise.resolve(far.channel);
    },
    exec: () => Promise.reject(new Error('sudo commands are spawned')),
  };
  return { shell, commands, last: () => far };
}
const typed = (far: FakeChannel): string => Buffer.concat(far.received).toString();
const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => 'worked',
    (error: unknown) => faultOf(error)?.code,
  );

test('the password is written when the mark shows, not before, and is in no command', async () => {
  const { shell, commands, last } = deviceWith(async (far, { prompt, start }) => {
    far.sayWords('We trust you have received the usual lecture.\n[sudo] password for ops: ');
    await settled();
    expect(typed(far)).toBe('');
    far.sayWords(prompt.slice(0, 10));
    await settled();
    expect(typed(far)).toBe('');
    far.sayWords(prompt.slice(10));
    await settled();
    expect(typed(far)).toBe('s3cret\n');
    far.sayWords(`\n${start}\nown words\n`);
    far.say('own output');
  });
  const channel = await sudoShell(shell, () => Promise.resolve('s3cret'), 'ops').spawn('id');
  const words: string[] = [];
  channel.stderr.on('data', (chunk: Buffer) => words.push(chunk.toString()));
  channel.stdin.write('input');
  await settled();
  expect(words.join('')).toBe('own words\n');
  expect(typed(last())).toBe('s3cret\ninput');
  expect(commands.join('')).not.toContain('s3cret');
});

test('a ticket that still holds: no password is sent at all', async () => {
  const { shell, last } = deviceWith((far, { start }) => far.sayWords(`${start}\n`));
  await sudoShell(shell, () => Promise.reject(new Error('asked')), 'ops').spawn('id');
  expect(typed(last())).toBe('');
});

test('marks are new for every command', async () => {
  const { shell, commands } = deviceWith((far, { start }) => far.sayWords(`${start}\n`));
  const root = sudoShell(shell, () => Promise.resolve(''), 'ops');
  await root.spawn('id');
  await root.spawn('id');
  expect(new Set(commands.map((command) => PROMPT.exec(command)?.[1])).size).toBe(2);
});

test('wrong, wrong, right asks three times with the retry mark', async () => {
  const attempts: number[] = [];
  const { shell, last } = deviceWith(async (far, { prompt, start }) => {
    for (let i = 0; i < 3; i++) {
      far.sayWords(`Sorry, try again.\n${prompt}`);
      await settled();
    }
    far.sayWords(`${start}\n`);
  });
  await sudoShell(shell, (attempt) => (attempts.push(attempt), Promise.resolve(`try${attempt}`)), 'ops').spawn('id');
  expect(attempts).toEqual([0, 1, 2]);
  expect(typed(last())).toBe('try0\ntry1\ntry2\n');
});

test.each([
  ['sudo: 3 incorrect password attempts', 1, 'sudo-password'],
  ['guest is not in the sudoers file.', 1, 'no-sudo'],
  ['', null, 'link-lost'],
])('%j at the end is %s %s', async (words, code, fault) => {
  const { shell, last } = deviceWith(async (far, { prompt }) => {
    far.sayWords(prompt);
    await settled();
    far.sayWords(words);
    far.end(code);
  });
  expect(await codeOf(sudoShell(shell, () => Promise.resolve('x'), 'ops').spawn('id'))).toBe(fault);
  expect(last().isKilled()).toBe(true);
});

test('giving up at the question ends the command', async () => {
  const { shell, last } = deviceWith((far, { prompt }) => far.sayWords(prompt));
  const cancel = () => Promise.reject(new FaultError({ code: 'cancelled', message: 'no' }));
  expect(await codeOf(sudoShell(shell, cancel, 'ops').spawn('id'))).toBe('cancelled');
  expect(last().isKilled()).toBe(true);
});

test('nobody is asked where root cannot be had', async () => {
  const never = {} as SshConnection;
  const ask = () => Promise.reject(new Error('asked'));
  expect(await codeOf(becomeRoot(never, deviceFacts({ sudo: 'missing' }), ask))).toBe('no-sudo');
  expect(await codeOf(becomeRoot(never, deviceFacts({ sudo: 'denied' }), ask))).toBe('no-sudo');
});
