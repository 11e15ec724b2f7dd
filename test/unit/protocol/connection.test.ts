import { expect, test } from 'vitest';
import { establishedNs, hasFailedToConnect } from '../../../remote-agent/protocol/network/index.ts';

const whole = { openedNs: 1000, connectNs: 40, closingNs: 300, closedNs: 2000 };
const attempt = {
  openedNs: 1000,
  connectNs: 0,
  closingNs: 0,
  closedNs: 2000,
  isOutgoing: true,
  errno: 0,
  bytes: 0,
  rttNs: 0,
  firstSeenNs: 900,
};

test('established is what is left of a life without its beginning and its end', () => {
  expect(establishedNs(whole)).toBe(660);
  // Columns are rounded, each for itself.
  expect(establishedNs({ ...whole, closedNs: 1339 })).toBe(0);
  expect(establishedNs({ ...whole, openedNs: 0 })).toBeNull();
  expect(establishedNs({ ...whole, closedNs: 0 })).toBeNull();
});

test.each([
  ['was refused', { errno: 111 }, true],
  ['was given up', {}, true],
  ['is still tried', { closedNs: 0 }, false],
  ['began before what is looked at', { openedNs: 800 }, false],
  ['is older than the probe', { openedNs: 0 }, false],
  ['came in', { isOutgoing: false }, false],
  ['was answered', { rttNs: 1 }, false],
  ['was broken off while it was established', { errno: 104, connectNs: 40 }, false],
  ['was broken off with bytes on it', { errno: 104, bytes: 1 }, false],
])('whether a connection failed that %s', (_what, figures, hasFailed) => {
  expect(hasFailedToConnect({ ...attempt, ...figures })).toBe(hasFailed);
});
