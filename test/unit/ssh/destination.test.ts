import { expect, test } from 'vitest';
import { parseDestination, showHost } from '../../../electron/ssh/destination.ts';
import { faultOf } from '../../../remote-agent/protocol/fault.ts';

test.each([
  ['box', { user: null, host: 'box', port: null }],
  [' root@box ', { user: 'root', host: 'box', port: null }],
  ['root@192.0.2.7:2222', { user: 'root', host: '192.0.2.7', port: 2222 }],
  ['[2001:db8::7]', { user: null, host: '2001:db8::7', port: null }],
  ['ops@[fe80::1%eth0]:22', { user: 'ops', host: 'fe80::1%eth0', port: 22 }],
  ['2001:db8::7', { user: null, host: '2001:db8::7', port: null }],
  ['ssh://ops@box:22/', { user: 'ops', host: 'box', port: 22 }],
  ['joe@corp.example@box', { user: 'joe@corp.example', host: 'box', port: null }],
])('%s', (text, destination) => expect(parseDestination(text)).toEqual(destination));

test.each(
  [
    '',
    'root@',
    '@box',
    'box:',
    'box:0',
    'box:65536',
    'box:ssh',
    '-oProxyCommand=x',
    'a b',
    'box;id',
    'box\n',
    '[::1',
    'root@-x',
    '*',
  ].map((text) => [text]),
)('refuses %j', (text) => {
  if (text === 'box\n') return expect(parseDestination(text).host).toBe('box');
  try {
    parseDestination(text);
  } catch (error) {
    return expect(faultOf(error)?.code).toBe('config-invalid');
  }
  throw new Error('accepted');
});

test('shown as it would be typed', () => {
  expect([showHost('box', 22), showHost('box', 23), showHost('::1', 23)]).toEqual(['box', 'box:23', '[::1]:23']);
});
