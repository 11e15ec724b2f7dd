/** What is typed before a capture, and the filter that one flow becomes. */
import { expect, test } from 'vitest';
import type { FlowWorld } from '../../../renderer/derive/flows/index.ts';
import { FIRST_DRAFT, wishOf } from '../../../renderer/views/network/capture/capture-draft.ts';
import { pcapFilterOf } from '../../../renderer/views/network/capture/flow-filter.ts';
import { flowDef } from '../../fixtures/flows.ts';

const filterOf = (def: Parameters<typeof flowDef>[0] | null) =>
  pcapFilterOf({ def: () => (def === null ? undefined : flowDef(def)) } as unknown as FlowWorld, 0);

const TCP = { id: 1, localAddress: '10.0.0.2', localPort: 40_000, remoteAddress: '10.0.0.9', remotePort: 1883 };

test.each([
  ['tcp and host 10.0.0.2 and port 40000 and host 10.0.0.9 and port 1883', TCP],
  [
    'udp and host 127.0.0.1 and port 53 and port 5000',
    { ...TCP, protocol: 17, localAddress: '127.0.0.1', localPort: 53, remoteAddress: '127.0.0.1', remotePort: 5000 },
  ],
  ['tcp and port 22', { ...TCP, direction: 'listening', localAddress: '0.0.0.0', localPort: 22, remoteAddress: '' }],
  // Of an echo the ports are its identifier, which pcap has no word for.
  [
    'icmp6 and host fe80::1 and host fe80::2',
    {
      ...TCP,
      protocol: 58,
      family: 6,
      localAddress: 'fe80::1',
      remoteAddress: 'fe80::2',
    },
  ],
  ['ip proto 47 and host 10.0.0.2 and host 10.0.0.9', { ...TCP, protocol: 47 }],
  [null, { ...TCP, isOthers: true }],
  [null, null],
] as const)('%s', (filter, def) => expect(filterOf(def)).toBe(filter));

test('empty fields are no bounds', () => {
  const draft = {
    filter: ' tcp ',
    snapBytes: '',
    maxMegabytes: '',
    maxSeconds: '',
    rateMegabytes: '',
    ratePackets: '',
  };
  expect(wishOf(draft).wish).toEqual({
    filter: 'tcp',
    snapBytes: 262_144,
    maxBytes: null,
    maxSeconds: null,
    rateBytes: null,
    ratePackets: null,
  });
  expect(wishOf(FIRST_DRAFT).wish).toMatchObject({ maxBytes: 1e9, rateBytes: 5e6 });
});

test.each([
  ['snapBytes', '63'],
  ['snapBytes', '1e3'],
  ['maxMegabytes', '-1'],
  ['maxSeconds', '0'],
  ['rateMegabytes', '1001'],
  ['rateMegabytes', 'much'],
  ['ratePackets', '0'],
] as const)('%s cannot be %s', (field, typed) => {
  const { wish, errors } = wishOf({ ...FIRST_DRAFT, [field]: typed });
  expect(wish).toBeNull();
  expect(Object.entries(errors).filter(([, error]) => error !== null)).toEqual([
    [field, expect.stringMatching(/^Must be from/)],
  ]);
});
