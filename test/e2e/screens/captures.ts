// States of a packet capture for the screens, as a session host would send them.
import type { CaptureOrder, CaptureView } from '../../../electron/bridge/contract.ts';

const ORDER: CaptureOrder = {
  file: '/home/mara/Documents/gateway-7 2026-05-03 14-02-11.pcapng',
  filter: 'tcp and host 192.168.1.20 and port 41822 and host 203.0.113.40 and port 8883',
  snapBytes: 262_144,
  rateBytes: 5_000_000,
  ratePackets: null,
  maxBytes: 1_000_000_000,
  maxSeconds: null,
};
const NOTHING = { packets: 0, packetBytes: 0, fileBytes: 0, lostPackets: 0 };
const COUNT = { packets: 12_842, packetBytes: 9_120_000, fileBytes: 9_900_000, lostPackets: 17 };

export const CAPTURES = {
  running: { kind: 'running', order: ORDER, count: COUNT, seconds: 73, isStopping: false, hasOwn: false },
  ended: { kind: 'ended', order: ORDER, how: 'max-size', count: COUNT, seconds: 73, hasFile: true, fault: null },
  refused: {
    kind: 'ended',
    order: { ...ORDER, filter: 'tcp prot 1883' },
    how: 'failed',
    count: NOTHING,
    seconds: 0,
    hasFile: false,
    fault: {
      code: 'bad-option',
      message: 'cannot capture: cannot use the filter: can’t parse filter expression: syntax error',
      hint: 'Filters are as for tcpdump: tcp port 1883, or host 10.0.0.9 and not arp.',
    },
  },
  failed: {
    kind: 'ended',
    order: ORDER,
    how: 'failed',
    count: COUNT,
    seconds: 73,
    hasFile: true,
    fault: { code: 'link-lost', message: 'the connection ended while packets were captured' },
  },
} as const satisfies Record<string, CaptureView>;

export type CaptureState = keyof typeof CAPTURES;
