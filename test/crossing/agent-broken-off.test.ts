/** The bundled agent when its client never comes back: what it had waits on the disk, once, and can be read. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { toRecording } from '../../electron/session/index.ts';
import {
  parseStatus,
  type Signal,
  type UnattendedStatus,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import { removeFolder } from '../remove-folder.ts';
import { agent, exit, newClient, runDir, startAgent, startProbe, useAgent, windows, words } from './agent-stage.ts';

useAgent();

const KALLSYMS = [
  ['18446744071578845184', 'start_of_kernel', ''],
  ['18446744071578849280', 'behind_it', ''],
];
const BATCH = {
  stacks: [{ hash: 1, space: 0, frames: [String(0xffffffff81000123n)] }],
  rows: [{ tgid: 2, tid: 2, comm: 'kthreadd', kernel: 1, samples: 3 }],
};
const BUSY = [[{ ready: true }, { every: 50, repeat: BATCH }]];
const NOW_MS = 1_900_000_000_000;

let home: string;
beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/sonde-left-`);
});
afterEach(() => removeFolder(home));

const place = () => ({ folder: `${home}/flight`, workstationMs: NOW_MS });
const left = () => (existsSync(place().folder) ? readdirSync(place().folder).toSorted() : []);

function statusOf(id: string): UnattendedStatus {
  const status = parseStatus(readFileSync(`${place().folder}/${id}/status.json`, 'utf8'));
  if (!status) throw new Error(`${id} has no status`);
  return status;
}

async function signalsOf(id: string): Promise<readonly Signal[]> {
  const file = `${home}/${id}.sonde.mcap`;
  const converted = await toRecording(`${place().folder}/${id}/records`, statusOf(id), file);
  expect(converted).toMatchObject({ gaps: 0, damagedBytes: 0 });
  const reader = await openRecording(file);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  expect(reader.warning).toBe(null);
  await reader.close();
  return signals;
}

const windowsIn = (signals: readonly Signal[]) =>
  signals.filter((signal): signal is WindowSignal => signal.kind === 'window');

/** A client that has confirmed `confirmed` windows and is cut off. */
async function breakOff(launches: unknown[][], { confirmed = 5, kallsyms = KALLSYMS as unknown } = {}) {
  const sock = await startAgent(launches, { keep: place(), kallsyms });
  const client = newClient();
  await client.join(sock, 1);
  client.say(startProbe({ hz: '49' }));
  await client.until('windows', () => windows(client).length >= confirmed, 60_000);
  client.cut();
  return client;
}

describe('a client that does not come back', () => {
  it('leaves the last minute before the cut and all since, as one recording', async () => {
    const client = await breakOff(BUSY);
    expect(await exit()).toBe(0);
    expect(existsSync(runDir)).toBe(false);
    const [id = '', ...more] = left();
    expect(more).toEqual([]);
    expect(words).toContain(`the last of it lies in ${place().folder}/${id}`);
    expect(statusOf(id)).toMatchObject({
      origin: 'session',
      state: 'ended',
      reason: 'the client did not come back in time',
      probes: ['cpu-profile'],
    });
    const signals = await signalsOf(id);
    expect(signals[0]).toMatchObject({ kind: 'device' });
    const kept = windowsIn(signals);
    // Those that the client had, and as many as there were until the agent gave up; none twice, none missing.
    expect(kept[0]?.fromNs).toBe(1);
    expect(kept.length).toBeGreaterThan(windows(client).length);
    for (const [i, { fromNs, counters }] of kept.entries()) {
      if (i > 0) expect(fromNs).toBe(kept[i - 1]?.toNs);
      expect(counters.kept).toBe(3);
    }
    expect(signals.find((signal) => signal.kind === 'probe')).toMatchObject({
      probe: 'cpu-profile',
      what: { kind: 'started', options: { hz: '49' } },
    });
    const [process] = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.processes : []));
    expect(process?.comm).toBe('kthreadd');
  });

  it('nothing is left by a session that is ended, by one without a window, and by one that is told to go', async () => {
    const sock = await startAgent(BUSY, { keep: place() });
    const client = newClient();
    await client.join(sock, 1);
    client.say(startProbe());
    await client.until('windows', () => windows(client).length >= 3, 60_000);
    client.say({ case: 'shutdown', value: { reason: 'enough' } });
    expect(await exit()).toBe(0);
    expect(left()).toEqual([]);

    mkdirSync(runDir, { mode: 0o700 });
    const silent = newClient();
    await silent.join(await startAgent([[{ ready: true }]], { keep: place() }), 1);
    await silent.until('welcome', () => silent.runId.length);
    silent.cut();
    expect(await exit()).toBe(0);
    expect(left()).toEqual([]);

    mkdirSync(runDir, { mode: 0o700 });
    await breakOff(BUSY);
    agent.kill('SIGTERM'); // as `sonde remove` does
    expect(await exit()).toBe(0);
    expect(left()).toEqual([]);
  });

  it('only the newest three stay, and what was ordered is left alone', async () => {
    mkdirSync(place().folder);
    const ids = [
      '20200101-000000-aaaaaa',
      '20200102-000000-bbbbbb',
      '20200103-000000-cccccc',
      '20200104-000000-dddddd',
    ];
    for (const id of ids) {
      mkdirSync(`${place().folder}/${id}`);
      const origin = id.endsWith('a') ? 'order' : 'session';
      writeFileSync(`${place().folder}/${id}/status.json`, JSON.stringify({ id, state: 'ended', origin }));
    }
    mkdirSync(`${place().folder}/new-999999999`); // its writer was killed
    await breakOff(BUSY);
    expect(await exit()).toBe(0);
    const [ordered, third, fourth, ...fresh] = left();
    expect([ordered, third, fourth]).toEqual([ids[0], ids[2], ids[3]]);
    expect(fresh).toHaveLength(1);
  });

  it('where Sonde was removed meanwhile nothing comes back', async () => {
    const sock = await startAgent(BUSY, { keep: { ...place(), folder: `${home}/gone/flight` } });
    const client = newClient();
    await client.join(sock, 1);
    client.say(startProbe());
    await client.until('windows', () => windows(client).length >= 3, 60_000);
    client.cut();
    expect(await exit()).toBe(0);
    expect(words).toContain('could not be left on the disk');
    expect(readdirSync(home)).toEqual([]);
  });
});
