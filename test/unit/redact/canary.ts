/** A recording with a canary in every text that it can hold, and a nose for canaries in any file. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as zstd from '@foxglove/wasm-zstd';
import { McapStreamReader } from '@mcap/core';
import { addressText, findProbe, type Mark, type Signal } from '../../../remote-agent/protocol/index.ts';
import { hexText } from '../../../remote-agent/protocol/text.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { eventWindow } from '../../fixtures/events.ts';
import { dnsWindow, dropWindow, flowDef, flowWindow } from '../../fixtures/flows.ts';
import { deviceSignal, NS_PER_SECOND } from '../../fixtures/signals.ts';
import { RESPONSE, writeDns } from '../protocol/dns-writer.ts';

const START_NS = 1000 * NS_PER_SECOND;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const CANARY = 'CANARY';
export const DESTINATION = 'canary-user@canary-host:2222';
export const MARKS: readonly Mark[] = [
  { id: 'canary-mark', fromNs: START_NS, toNs: START_NS, text: 'a CANARY sang', by: 'user' },
];
const ADDRESS = encode('CANARYADDRESS-16');
const NAME = 'canary.canary.example';

const message = writeDns({
  flags: RESPONSE,
  questions: [{ name: NAME, type: 28 }],
  answers: [
    { name: NAME, type: 28, data: [...ADDRESS] },
    { name: NAME, type: 16, data: [6, ...encode(CANARY)] },
  ],
  additionals: [{ name: NAME, type: 16, data: [6, ...encode(CANARY)] }],
});

export function canarySignals(): Signal[] {
  const address = addressText(ADDRESS);
  const probe = (what: Extract<Signal, { kind: 'probe' }>['what']): Signal => ({
    kind: 'probe',
    probe: what.kind === 'started' ? 'cpu-profile' : 'CANARY-probe',
    atNs: START_NS,
    what,
  });
  const fault = {
    code: 'agent-crashed',
    message: 'CANARY in /home/canary/x',
    hint: 'ask the CANARY',
    detail: 'CANARY',
    probe: 'CANARY-probe',
  } as const;
  const window = dropWindow(START_NS, START_NS + NS_PER_SECOND, [{ where: 2, cause: 'CANARY rx_dropped', packets: 1 }]);
  return [
    {
      ...deviceSignal({ hostname: 'CANARY-host', startNs: START_NS }),
      machine: CANARY,
      kernelRelease: '6.1.0-CANARY',
      kernelVersion: '#1 CANARY',
      osName: 'CANARY Linux',
      bootId: 'CANARY-boot',
      cpuModel: 'CANARY-7',
      hardwareModel: 'CANARY 3000',
      agentVersion: CANARY,
      nodeVersion: CANARY,
      runId: hexText(encode('CANARY-RUN-ID-01')),
    },
    { kind: 'clock', monotonicNs: START_NS, realtimeMs: Date.UTC(2026, 0, 2), uncertaintyNs: 0 },
    probe({ kind: 'started', options: { hz: '99', cgroup: '/CANARY.slice/x', CANARY: CANARY }, mapBytes: 0, cpus: 1 }),
    probe({ kind: 'stopped', reason: CANARY }),
    probe({ kind: 'restarted', reason: CANARY }),
    probe({ kind: 'failed', fault }),
    { kind: 'note', atNs: START_NS, text: CANARY, trigger: 'process:CANARY' },
    definitionsOf({
      processes: [
        {
          id: 1,
          pid: 412,
          startNs: 1,
          comm: 'CANARY-d',
          exe: '/home/canary/bin/CANARY-d',
          commandLine: '/home/canary/bin/CANARY-d --password=CANARY 198.51.100.77',
          cgroup: '/system.slice/CANARY.service',
          container: 'CANARY-box',
          containerId: 'CANARY-id',
          unit: 'CANARY.service',
          parentPid: 1,
          kernelThread: false,
          uid: 1007,
        },
      ],
      threads: [{ id: 1, process: 1, tid: 413, comm: 'CANARY-worker' }],
      modules: [
        { id: 1, kind: 'library', path: '/opt/CANARY/libCANARY.so.1', buildId: hexText(encode('CANARY-BUILD')) },
      ],
      frames: [{ id: 1, module: 1, offset: 4096, name: '_ZN6CANARY3barEv', interpreted: false }],
      firstStack: 1,
      stackParents: Uint32Array.of(0),
      stackFrames: Uint32Array.of(1),
      names: [{ frame: 1, name: 'CANARY /home/canary/app.js:7', interpreted: true }],
      flows: [flowDef({ id: 1, family: 6, localAddress: '::1', remoteAddress: address })],
      addressNames: [{ address, name: 'canary.lan', source: 'hosts' }],
    }),
    {
      ...window,
      counters: { ...window.counters, seen: window.counters.seen + 1, lost: [{ cause: 'CANARY', count: 1 }] },
    },
    eventWindow(START_NS, START_NS + NS_PER_SECOND, [
      {
        thread: 1,
        call: 257,
        begunNs: START_NS,
        durationNs: 5,
        args: [0n, 0x5952414e4143n],
        path: '/srv/CANARY/a.conf',
        file: 'socket:tcp 198.51.100.77:1 -> 198.51.100.78:22',
      },
    ]),
    {
      kind: 'window',
      probe: 'cpu-profile',
      fromNs: START_NS,
      toNs: START_NS + NS_PER_SECOND,
      rows: 1,
      columns: (findProbe('cpu-profile')?.columns ?? []).map(({ name }) => Uint32Array.of(name === 'cpu' ? 0 : 1)),
      counters: { seen: 1, kept: 1, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 },
      drains: 1,
    },
    flowWindow(START_NS, START_NS + NS_PER_SECOND, [{ flow: 1, thread: 1, 'packets-sent': 1 }]),
    dnsWindow(START_NS, START_NS + NS_PER_SECOND, [{ thread: 1, flow: 1, at: START_NS, incoming: 1, message }]),
  ];
}

/** Where in a file a canary is, however it is written; '' = nowhere. Chunks of a recording are looked into. */
export async function smell(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (file.endsWith('.mcap')) return smellBytes(await unpacked(bytes));
  return smellBytes(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
}

const SCENTS = [
  CANARY.toLowerCase(),
  hexText(encode(CANARY)),
  addressText(ADDRESS),
  '198.51.100.7',
  // Its first two groups, as they would stand in front of a cut end.
  addressText(ADDRESS).split(':').slice(0, 3).join(':'),
];

export function smellBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1').toLowerCase();
  const scent = SCENTS.find((each) => text.includes(each));
  if (scent === undefined) return '';
  const at = text.indexOf(scent);
  return JSON.stringify(text.slice(Math.max(0, at - 40), at + 40));
}

async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  await zstd.isLoaded;
  const reader = new McapStreamReader({
    includeChunks: true,
    decompressHandlers: { zstd: (chunk, size) => new Uint8Array(zstd.decompress(chunk, Number(size))) },
  });
  reader.append(bytes);
  const parts: Uint8Array[] = [bytes];
  for (let record = reader.nextRecord(); record; record = reader.nextRecord())
    if (record.type === 'Chunk')
      parts.push(new Uint8Array(zstd.decompress(record.records, Number(record.uncompressedSize))));
  return Buffer.concat(parts);
}
