/**
 * What a hostile agent may say once it is connected, to a real session over real SSH: it is refused in words, what came
 * before is kept, and nobody's memory is filled.
 */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ServerChannel } from 'ssh2';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { liveDeps, startSession } from '../../electron/session/index.ts';
import { encodeFrame, FrameReader } from '../../remote-agent/protocol/framing.ts';
import { decodeClientFrame, type Fault, type Signal } from '../../remote-agent/protocol/index.ts';
import { seeded } from '../unit/protocol/seeded.ts';
import { GREETING } from './hostile-device.ts';
import { BEGINNING, type FrameInit, framed, RUNS } from './hostile-runs.ts';
import { device, useHostileDevice } from './hostile-stage.ts';
import { removeFolder } from '../remove-folder.ts';

useHostileDevice();

interface Came {
  readonly fault: Fault | null;
  readonly faults: readonly Fault[];
  readonly signals: readonly Signal[];
  /** Records in the file that was left; null = there is none. */
  readonly recorded: number | null;
}

/** A whole session, which is ended once the agent has said everything and it was taken. */
async function sessionAgainst(says: readonly Uint8Array[], { endsByItself = false } = {}): Promise<Came> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-hostile-session-'));
  const signals: Signal[] = [];
  const faults: Fault[] = [];
  let said = () => {};
  const hasSaid = new Promise<void>((resolve) => (said = resolve));
  device.deeds = {
    agent: (channel: ServerChannel) => {
      partWhenAsked(channel);
      channel.write(Buffer.concat([GREETING, ...says]), () => said());
      channel.once('close', said);
    },
  };
  const none = path.join(folder, 'none');
  const session = startSession(
    {
      destination: `root@127.0.0.1:${device.port}`,
      identityFiles: [],
      knownHostsFile: device.knownHosts,
      probes: [{ probe: 'cpu-profile', options: {} }],
      places: { home: folder, configFile: none, systemConfigFile: none, systemKnownHostsFile: none, agentSocket: '' },
    },
    liveDeps({ artifactsDir: device.artifactsDir, recordingDir: folder, recordingFile: null, leaseS: 1 }),
    {
      onView: () => {},
      onSignals: async (batch) => void signals.push(...batch),
      onFault: (fault) => void faults.push(fault),
    },
  );
  try {
    const taken = hasSaid.then(() => new Promise((resolve) => setTimeout(resolve, QUIET_MS)));
    await (endsByItself ? session.done : Promise.race([session.done, taken]));
    session.disconnect();
    const { fault } = await session.done;
    return { fault, faults, signals, recorded: await recordedIn(folder) };
  } finally {
    removeFolder(folder);
  }
}
/** What was said is taken within this. */
const QUIET_MS = 150;

/** Every agent says goodbye; without one, the session would wait for it. */
function partWhenAsked(channel: ServerChannel): void {
  const reader = new FrameReader();
  channel.on('data', (chunk: Buffer) => {
    for (const payload of reader.push(chunk))
      if (decodeClientFrame(payload).body.case === 'shutdown')
        channel.end(framed({ body: { case: 'farewell', value: { reason: 'asked to' } } }));
  });
}

async function recordedIn(folder: string): Promise<number | null> {
  const name = readdirSync(folder).find((each) => each.endsWith('.mcap'));
  if (!name) return null;
  const reader = await openRecording(path.join(folder, name));
  let count = 0;
  for await (const _ of reader.signals()) count++;
  await reader.close();
  return count;
}

/** Shown to people somewhere: no control characters, nothing that turns the direction of writing. */
function expectSafe(value: unknown): void {
  if (typeof value === 'string') expect(value.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  else if (Array.isArray(value)) value.forEach(expectSafe);
  else if (value && typeof value === 'object' && !ArrayBuffer.isView(value)) Object.values(value).forEach(expectSafe);
}

describe('a stream that is wrong somewhere', () => {
  const window = (value: object) => framed({ seq: 5n, body: { case: 'window', value } } as FrameInit);
  const cells = [{ u32: [1] }, { u32: [0] }, { u32: [1] }, { u32: [5] }];
  const counters = { seen: 5n, kept: 5n };
  const honest = { probe: 'cpu-profile', fromNs: 1n, toNs: 2n, rows: 1, columns: cells, counters, drains: 1 };

  test.each<[string, Uint8Array, RegExp]>([
    ['a column that is too short', window({ ...honest, rows: 2 }), /has 1 values in 2 rows/],
    [
      'a thread that nobody has told of',
      window({ ...honest, columns: [{ u32: [9e8] }, ...cells.slice(1)] }),
      /thread 900000000 of/,
    ],
    ['a window that ends before it begins', window({ ...honest, fromNs: 5n }), /from 5 to 2/],
    ['a time of the year 2500', window({ ...honest, toNs: 2n ** 63n }), /end of a window is/],
    ['more rows than there are in any device', window({ ...honest, rows: 4e9 }), /a window of 4000000000 rows/],
    [
      'counts that do not add up',
      window({ ...honest, counters: { seen: 9n, kept: 5n } }),
      /9 events were seen and 5 accounted for/,
    ],
    [
      'a process out of turn',
      framed({ seq: 5n, body: { case: 'definitions', value: { processes: [{ id: 77 }] } } }),
      /process id 77/,
    ],
    ['a length that lies', Buffer.from([0xff, 0xff, 0xff, 0x7f]), /a frame claims to be/],
    ['bytes that are no message', encodeFrame(Buffer.alloc(4000, 0xff)), /cannot decode/],
    ['a message in a message in a message', encodeFrame(Buffer.alloc(1 << 20, 0x7b)), /cannot decode/],
  ])('%s: the session ends and says so', async (_name, bytes, words) => {
    const { fault, recorded } = await sessionAgainst([...BEGINNING, bytes], { endsByItself: true });
    expect(fault).toMatchObject({ code: 'out-of-sync', message: expect.stringMatching(words) });
    expect(recorded).toBeNull(); // no window came: there is nothing to keep
  });

  test('a probe, a kind of record and fields that are not known yet are passed over', async () => {
    const { fault, faults } = await sessionAgainst([
      ...BEGINNING,
      window({ ...honest, probe: 'from-the-future' }),
      encodeFrame(Buffer.from([0x08, 5, 0xd2, 0x0a, 2, 8, 1])),
    ]);
    expect([fault, faults]).toEqual([null, []]);
  });

  test('windows out of order, and from the future, are taken as they are', async () => {
    const { fault, recorded } = await sessionAgainst(
      RUNS.flatMap((run) => [...run.slice(0, 3), ...run.slice(3).toReversed()])
        .slice(0, 6)
        .map((payload) => encodeFrame(payload)),
    );
    expect(fault === null || fault.code === 'out-of-sync').toBe(true);
    expect(recorded === null || recorded > 0).toBe(true);
  });
});

const ROUNDS = 60;
test('streams with random damage: each ends in order, in words, and leaves a recording that can be read', async () => {
  const { seed, random } = seeded();
  const below = (most: number) => Math.floor(random() * most);
  console.log(`SEED=${seed}`);
  const ends = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const payloads = (RUNS[round % RUNS.length] as Uint8Array[]).map((payload) => Buffer.from(payload));
    const frames = damage(payloads, below).map((payload) => Buffer.from(encodeFrame(payload)));
    const stream = Buffer.concat(frames);
    if (below(4) === 0) stream[below(stream.length)] = below(256);
    const came = await sessionAgainst([below(6) === 0 ? stream.subarray(0, below(stream.length)) : stream]).catch(
      (error: unknown) => {
        throw new Error(`SEED=${seed} round ${round}`, { cause: error });
      },
    );
    const end = came.fault?.code ?? 'asked to';
    ends.set(end, (ends.get(end) ?? 0) + 1);
    expect(
      ['asked to', 'out-of-sync', 'link-lost', 'agent-crashed', 'loader-start'],
      `SEED=${seed} round ${round}`,
    ).toContain(end);
    expectSafe([came.fault, came.faults, came.signals]);
  }
  console.log([...ends].map(([end, count]) => `${end}: ${count}`).join(', '));
});

/** Bytes changed, pieces cut out and put in, records doubled, dropped and exchanged. */
function damage(payloads: Buffer[], below: (most: number) => number): Buffer[] {
  const frames = [...payloads];
  for (let times = 1 + below(3); times > 0; times--) {
    const at = below(frames.length);
    const frame = Buffer.from(frames[at] ?? []);
    const from = below(frame.length);
    switch (below(6)) {
      case 0:
        frame[from] = below(256);
        frames[at] = frame;
        break;
      case 1:
        frames[at] = Buffer.concat([frame.subarray(0, from), frame.subarray(from + below(20))]);
        break;
      case 2:
        frames[at] = Buffer.concat([
          frame.subarray(0, from),
          Buffer.alloc(below(30), below(256)),
          frame.subarray(from),
        ]);
        break;
      case 3:
        frames.splice(at, 0, frame);
        break;
      case 4:
        if (frames.length > 1) frames.splice(at, 1);
        break;
      default:
        [frames[at], frames[0]] = [frames[0] ?? frame, frame];
    }
  }
  return frames;
}
