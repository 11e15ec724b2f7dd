import { describe, expect, test } from 'vitest';
import { chooseNode } from '../../../electron/device/choose-node.ts';
import { choosePlace, raiseNoPlace } from '../../../electron/device/choose-place.ts';
import type { PlaceFacts } from '../../../electron/device/facts.ts';
import { type Fault, faultOf } from '../../../remote-agent/protocol/fault.ts';
import { artifacts, deviceFacts, place } from './facts-fixture.ts';

function faultFrom(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return fault;
    throw error;
  }
  throw new Error('it worked');
}

const { loader, agent, node } = artifacts();
const need = { files: [loader, agent, ...(node ? [node] : [])] };
const small = { files: [loader, agent] };
const choose = (places: PlaceFacts[], wanted = need, memoryKb = 800_000): string | null =>
  choosePlace(places, wanted, memoryKb)?.dir ?? null;

describe('place', () => {
  test.each([
    ['the first good one', [place('/var/lib/sonde'), place('/opt/sonde')], '/var/lib/sonde'],
    [
      'not one that is read-only, noexec, foreign, full or absent',
      [
        ...(['readonly', 'noexec', 'foreign', 'full', 'absent'] as const).map((state) => place(`/${state}`, { state })),
        place('/opt/sonde'),
      ],
      '/opt/sonde',
    ],
    [
      'not one without room',
      [place('/var/lib/sonde', { freeKb: 80_000 }), place('/opt/sonde', { freeKb: 95_000 })],
      '/opt/sonde',
    ],
    ['disk before memory', [place('/run/sonde', { memory: true }), place('/opt/sonde')], '/opt/sonde'],
    [
      'memory where there is no disk',
      [place('/var/lib/sonde', { state: 'readonly' }), place('/run/sonde', { memory: true })],
      '/run/sonde',
    ],
    [
      'what is there already takes no room',
      [place('/var/lib/sonde', { freeKb: 6_000, files: { [node?.name ?? '']: 86_000_000 } })],
      '/var/lib/sonde',
    ],
    [
      'half a file there does take room',
      [place('/var/lib/sonde', { freeKb: 6_000, files: { [node?.name ?? '']: 5 } })],
      null,
    ],
    [
      'all there needs no room at all',
      [
        place('/var/lib/sonde', {
          freeKb: 0,
          files: { [loader.name]: 420_000, [agent.name]: 200_000, [node?.name ?? '']: 86_000_000 },
        }),
      ],
      '/var/lib/sonde',
    ],
  ])('%s', (_what, places, dir) => expect(choose(places)).toBe(dir));

  test('files in memory never take more than half of what is free', () => {
    expect(choose([place('/run/sonde', { memory: true })], need, 120_000)).toBe(null);
    expect(choose([place('/run/sonde', { memory: true })], small, 120_000)).toBe('/run/sonde');
  });

  test('no room: says what is needed and what each place has', () => {
    const fault = faultFrom(() =>
      raiseNoPlace(
        [
          place('/var/lib/sonde', { freeKb: 9_000 }),
          place('/run/sonde', { freeKb: 40_000, memory: true }),
          place('/opt/sonde', { state: 'readonly' }),
        ],
        need,
      ),
    );
    expect(fault.code).toBe('device-full');
    expect(fault.message).toContain('needs 87 MB and there is /var/lib/sonde 8.8 MB, /run/sonde 39 MB (memory)');
    expect(fault.detail).toContain('/opt/sonde: cannot be written');
  });

  test('nowhere executable, nowhere writable', () => {
    expect(
      faultFrom(() =>
        raiseNoPlace(
          [place('/var/lib/sonde', { state: 'readonly' }), place('/tmp/sonde-0', { state: 'noexec' })],
          need,
        ),
      ),
    ).toMatchObject({
      code: 'device-noexec',
      hint: expect.stringContaining('mount -o remount,exec /tmp'),
    });
    expect(
      faultFrom(() =>
        raiseNoPlace(
          [place('/var/lib/sonde', { state: 'readonly' }), place('/tmp/sonde-0', { state: 'foreign' })],
          need,
        ),
      ),
    ).toMatchObject({ code: 'device-readonly', detail: expect.stringContaining('somebody else') });
  });
});

describe('node', () => {
  test.each([
    ['18 on the device', deviceFacts(), 'device'],
    ['16 on the device', deviceFacts({ node: { path: '/usr/bin/node', version: '16.20.0' } }), 'ours'],
    ['none', deviceFacts({ node: null }), 'ours'],
    ['none, libc not seen', deviceFacts({ node: null, libc: { kind: 'unknown', version: '' } }), 'ours'],
    [
      'musl with 20',
      deviceFacts({ node: { path: '/usr/bin/node', version: '20.1.0' }, libc: { kind: 'musl', version: '' } }),
      'device',
    ],
  ])('%s: %s', (_what, facts, kind) => expect(chooseNode(facts, artifacts(), null).kind).toBe(kind));

  test('one that does not run is not used', () =>
    expect(chooseNode(deviceFacts(), artifacts(), 'Illegal instruction').kind).toBe('ours'));

  test('musl without Node, and an architecture without runtime, say what to install', () => {
    const musl = faultFrom(() =>
      chooseNode(deviceFacts({ node: null, libc: { kind: 'musl', version: '' } }), artifacts(), null),
    );
    expect(musl).toMatchObject({
      code: 'node-too-old',
      message: expect.stringContaining('musl'),
      hint: expect.stringContaining('apk add nodejs'),
    });
    const arm = faultFrom(() =>
      chooseNode(
        deviceFacts({ machine: 'armv7l', node: { path: '/usr/bin/node', version: '12.22.9' } }),
        artifacts({ node: null }),
        null,
      ),
    );
    expect(arm.message).toContain('Node 12.22.9, and 18 is needed, and Sonde carries no Node for armv7l');
  });
});
