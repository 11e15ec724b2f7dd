import { describe, expect, test } from 'vitest';
import { type HostKey, readHostKey } from '../../../electron/ssh/host-key.ts';
import {
  forgetIn,
  hashName,
  hasCertAuthority,
  judge,
  knownHostName,
  knownKeyTypes,
  parseKnownHosts,
} from '../../../electron/ssh/known-hosts.ts';

/** Keys are nothing but bytes here: an algorithm name and a body. */
function key(algorithm: string, body: string): HostKey {
  const name = Buffer.from(algorithm);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  const read = readHostKey(Buffer.concat([length, name, Buffer.from(body)]));
  if (!read) throw new Error('no key');
  return read;
}
const line = (names: string, { algorithm, blob }: HostKey, marker = ''): string =>
  `${marker}${names} ${algorithm} ${blob.toString('base64')} a comment\n`;

const ed = key('ssh-ed25519', 'one');
const other = key('ssh-ed25519', 'two');
const rsa = key('ssh-rsa', 'three');
const verdict = (text: string, name: string, shown: HostKey = ed): string =>
  judge(parseKnownHosts(text, 'kh'), name, shown).kind;

describe('names', () => {
  test.each([
    ['box', 'box', 'known'],
    ['box,192.0.2.7', '192.0.2.7', 'known'],
    ['BOX.example', 'box.example', 'known'],
    ['box', 'boxer', 'unknown'],
    ['box', '[box]:2222', 'unknown'],
    ['[box]:2222', '[box]:2222', 'known'],
    ['*.example', 'box.example', 'known'],
    ['192.0.2.?', '192.0.2.7', 'known'],
    ['*,!box', 'box', 'unknown'],
    ['!box,*', 'box', 'unknown'],
    ['*,!box', 'axe', 'known'],
    ['box.example', 'boxxexample', 'unknown'],
    [hashName('box', Buffer.alloc(20, 7)), 'box', 'known'],
    [hashName('[box]:2222', Buffer.alloc(20, 7)), '[box]:2222', 'known'],
    [hashName('box', Buffer.alloc(20, 7)), 'axe', 'unknown'],
  ])('%s names %s: %s', (names, name, expected) => expect(verdict(line(names, ed), name)).toBe(expected));

  test('a hashed name as ssh-keygen -H writes it', () => {
    const salt = Buffer.from('F1E1KeoE/eEWhi10WpGv4OdiO6Y=', 'base64');
    expect(hashName('192.168.1.61', salt)).toBe('|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=');
  });

  test('the port is part of the name where it is not 22', () => {
    expect([knownHostName('Box', 22), knownHostName('Box', 2222), knownHostName('::1', 22)]).toEqual([
      'box',
      '[box]:2222',
      '::1',
    ]);
  });
});

describe('verdicts', () => {
  test.each([
    ['nothing on file', '', 'unknown'],
    ['another key', line('box', other), 'changed'],
    ['another type', line('box', rsa), 'changed'],
    ['another key and then this one', line('box', other) + line('box', ed), 'known'],
    ['revoked', line('box', ed, '@revoked '), 'revoked'],
    ['known and revoked', line('box', ed) + line('*', ed, '@revoked '), 'revoked'],
    ['another key revoked', line('*', other, '@revoked '), 'unknown'],
    ['a certificate authority only', line('box', ed, '@cert-authority '), 'unknown'],
    ['damaged lines', 'box\nbox ssh-ed25519\nbox ssh-ed25519 AAAA\n# box\n@what box x y\n', 'unknown'],
    ['a key that claims another type', `box ssh-rsa ${ed.blob.toString('base64')}`, 'unknown'],
    ['no newline at the end, tabs between', `box\tssh-ed25519\t${ed.blob.toString('base64')}`, 'known'],
  ])('%s: %s', (_what, text, expected) => expect(verdict(text, 'box')).toBe(expected));

  test('a change names file and line', () => {
    const judged = judge(parseKnownHosts(`# one\n\n${line('box', other)}`, '/home/me/.ssh/known_hosts'), 'box', ed);
    expect(judged.kind === 'changed' && judged.entries.map(({ file, line: at }) => [file, at])).toEqual([
      ['/home/me/.ssh/known_hosts', 3],
    ]);
  });
});

test('types on file, for the order of algorithms', () => {
  const entries = parseKnownHosts(
    line('box', rsa) + line('box', ed) + line('axe', other) + line('*', other, '@cert-authority '),
    'kh',
  );
  expect(knownKeyTypes(entries, 'box')).toEqual(['ssh-rsa', 'ssh-ed25519']);
  expect(hasCertAuthority(entries, 'box')).toBe(true);
});

test.each([
  [Buffer.alloc(0)],
  [Buffer.from([0, 0, 0, 0])],
  [Buffer.from([255, 255, 255, 255, 1])],
  [Buffer.from([0, 0, 0, 9, 65])],
])('no key: %j', (bytes) => expect(readHostKey(bytes)).toBe(null));

describe('forgetting a host', () => {
  const hashed = hashName('box', Buffer.from('12345678901234567890'));
  const others = `# mine\n\n${line('elsewhere', ed)}not a line at all\n`;

  test.each([
    ['its line', line('box', ed)],
    ['all its lines', line('box', ed) + line('box', rsa)],
    ['a hashed one', line(hashed, ed)],
    ['one in capitals', line('BOX', ed)],
  ])('%s goes, the others stay as they were', (_, text) => {
    const { text: left, removed } = forgetIn(`${others}${text}`, 'box');
    expect(left).toBe(others);
    expect(removed.length).toBeGreaterThan(0);
    expect(verdict(left, 'box')).toBe('unknown');
  });

  test('a line for several keeps the others', () => {
    const { text, removed } = forgetIn(line('box,192.0.2.7', ed), 'box');
    expect(text).toBe(line('192.0.2.7', ed));
    expect(removed).toEqual([1]);
  });

  test.each([
    ['a pattern', line('*.example', ed), 'box.example'],
    ['a revoked key', line('box', ed, '@revoked '), 'box'],
    ['an authority', line('box', ed, '@cert-authority '), 'box'],
  ])('%s stays, and is told', (_, text, name) => {
    expect(forgetIn(text, name)).toEqual({ text, removed: [], stayed: [1] });
  });

  test('another port is another host', () => {
    const text = line('[box]:2222', ed);
    expect(forgetIn(text, 'box')).toEqual({ text, removed: [], stayed: [] });
    expect(forgetIn(text, '[box]:2222').text).toBe('');
  });
});
