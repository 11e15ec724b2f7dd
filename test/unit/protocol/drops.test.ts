import { expect, it } from 'vitest';
import { dropCauseMeaning } from '../../../remote-agent/protocol/index.ts';

it.each([
  ['SOCKET_RCVBUFF', /reads too slowly/],
  ['UdpRcvbufErrors', /reads too slowly/],
  ['Udp6RcvbufErrors', /reads too slowly/],
  ['eth0 rx_missed_errors', /driver/],
  ['wwan0 queue fq_codel', /queue/],
  ['REASON_999', /^$/],
  ['toString', /^$/],
  ['eth0 constructor', /^$/],
  ['', /^$/],
])('what "%s" means', (cause, meaning) => {
  expect(dropCauseMeaning(cause)).toMatch(meaning);
});
