import { expect, test } from 'vitest';
import type { Authentication } from '../../../electron/ssh/auth.ts';
import { faultFrom, type FailureContext } from '../../../electron/ssh/failures.ts';
import type { Hop } from '../../../electron/ssh/hop.ts';
import { unreachable } from '../../../electron/ssh/tcp.ts';

const hop = { host: 'box', port: 22, user: 'ops' } as Hop;
const context = (more: Partial<FailureContext> = {}, auth: Partial<Authentication> = {}): FailureContext => ({
  hop,
  auth: { fault: null, offered: null, tried: [], ...auth } as unknown as Authentication,
  greeted: true,
  wasAsking: false,
  negotiation: [],
  ...more,
});

test.each([
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ECONNRESET',
  'EWHATEVER',
])('%s has words and a hint of its own', (code) => {
  const fault = unreachable('box', 22, code);
  expect(fault.code).toBe('host-unreachable');
  expect(fault.message).toMatch(/^cannot reach box: /);
  expect(fault.hint).toMatch(/\.$/);
});

test('a refused login says what was tried how often, and what is offered', () => {
  const error = Object.assign(new Error('All configured authentication methods failed'), {
    level: 'client-authentication',
  });
  const fault = faultFrom(
    error,
    context({}, { offered: ['publickey', 'password'], tried: ['key ~/a', 'password', 'password', 'password'] }),
  );
  expect(fault).toMatchObject({
    code: 'auth-failed',
    message: 'cannot log in as ops@box: the device refused key ~/a, password (3 tries); it offers publickey, password',
  });
});

test('a device that only speaks chacha20 is named', () => {
  const negotiation = ['(remote) C->S cipher: chacha20-poly1305@openssh.com'];
  const fault = faultFrom(new Error('Handshake failed: no matching C->S cipher'), context({ negotiation }));
  expect(fault.code).toBe('no-compatible-kex');
  expect(fault.message).toContain('no C->S cipher in common');
  expect(fault.hint).toContain('chacha20-poly1305');
  expect(fault.detail).toContain(negotiation[0]);
});

test('what ended while the user was asked is not called a refusal', () => {
  expect(faultFrom(new Error('gone'), context({ wasAsking: true }, { offered: ['password'] })).message).toContain(
    'while an answer was awaited',
  );
  expect(faultFrom(new Error('gone'), context({ greeted: false })).message).toContain('does not speak SSH');
});
