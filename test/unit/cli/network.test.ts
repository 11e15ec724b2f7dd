/** Flows in the terminal: live and out of a recording. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Rooms } from '../../../electron/cli/index.ts';
import type { SessionEnd, SessionSink } from '../../../electron/session/index.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { fakeWorld, sonde } from './fake-world.ts';

const LINK = { rttMs: 1, bytesPerSecond: 6000, user: 'root', address: '192.0.2.7:22', mergedWindows: 0 };
const NOTHING = { file: '', bytes: 0, seconds: 0, fault: null };

/** `sonde top` of all signals at once, for one interval. */
async function top(words: string): Promise<string> {
  let end: (end: SessionEnd) => void = () => undefined;
  const done = new Promise<SessionEnd>((resolve) => (end = resolve));
  let sink: SessionSink | undefined;
  const session = {
    answer: () => undefined,
    disconnect: () => end({ fault: null, recording: null }),
    reconnectNow: () => undefined,
    done,
  };
  const startSession = (_target: unknown, _deps: unknown, given: SessionSink): unknown => {
    sink = given;
    return session;
  };
  const world = fakeWorld({ rooms: { startSession, liveDeps: () => ({}) } as unknown as Partial<Rooms> });
  const ran = sonde(`top box --probe net-flows ${words}`, world);
  sink?.onView({ kind: 'live', steps: [], link: LINK, recording: NOTHING });
  await sink?.onSignals(networkSignals().slice(0, -1));
  world.pass(2000);
  session.disconnect();
  return (await ran).out;
}

test('the busiest flows: how fast, how well, whose, where to', async () => {
  expect(await top('')).toBe(
    [
      'box  0:03  42 packets/s  12 LOST  Sonde itself 2.4 kB/s',
      'SENT/S   RECV/S  RETR/S     RTT  STATE        PROCESS          REMOTE',
      '  50 B  30.0 kB       0   22 ms  closed       curl (102)       cloud.example:443',
      ' 500 B    133 B     0.7  6.0 ms  established  mosquitto (101)  broker:1883',
      '  13 B      0 B       0          udp          unknown          all others',
      '   0 B      0 B       0          closed       curl (102)       broker:9999',
      '   0 B      0 B       0          listening    unknown          listening on *:22',
      '',
      '',
    ].join('\n'),
  );
});

test('by process and by remote address, sorted by what was asked for', async () => {
  const rows = async (words: string): Promise<string[]> => (await top(words)).trimEnd().split('\n').slice(2);
  expect(await rows('--by process --sort sent')).toEqual([
    expect.stringMatching(/500 B +133 B .* 1 {2}mosquitto \(101\)$/),
    expect.stringMatching(/50 B .* 2 {2}curl \(102\)$/),
    expect.stringMatching(/13 B .* 2 {2}unknown$/),
  ]);
  expect(await rows('--by remote --sort retransmits --limit 1')).toEqual([
    expect.stringMatching(/500 B .* 2 {2}broker 10\.0\.0\.9$/),
  ]);
  expect(await rows('--include-own --sort sent --limit 1')).toEqual([
    expect.stringMatching(/2\.3 kB .* 192\.0\.2\.7:50000$/),
  ]);
});

test('as JSON, of the whole time', async () => {
  const { rows, ...about } = JSON.parse(await top('--json --limit 2')) as { readonly rows: readonly unknown[] };
  expect(about).toMatchObject({ ok: true, by: 'flow', sort: 'rate', seconds: 3 });
  expect(rows).toEqual([
    expect.objectContaining({ comm: 'curl', remoteName: 'cloud.example', remotePort: 443, receivedBytes: 90_000 }),
    expect.objectContaining({ pid: 101, retransmits: 2, rttNs: 6e6, sentPerSecond: 500, state: 'established' }),
  ]);
});

async function recording(): Promise<string> {
  const file = path.join(temporaryFolder(), 'n.sonde.mcap');
  await record(file, networkSignals());
  return file;
}

test('info and export of a recording; what nobody names is the first table that there is anything of', async () => {
  const file = await recording();
  const { code, out, err } = await sonde(`info ${file}`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain("Sonde's own connection, not counted above: 7.0 kB sent, 70 B received");
  expect(await sonde(`export ${file} -f csv`)).toMatchObject({ code: 0, out: expect.stringContaining(': 5 flows, ') });
  expect((await readFile(file.replace('.sonde.mcap', '.csv'), 'utf8')).split('\n')).toHaveLength(1 + 5 + 1);
  expect(JSON.parse((await sonde(`export ${file} -f json --table dns --json`)).out)).toMatchObject({
    file: file.replace('.sonde.mcap', '.dns.json'),
    table: 'dns',
    questions: 5,
  });
  expect((await sonde(`export ${file} -f csv --table drops --per-window -o -`)).out.split('\n')).toHaveLength(
    1 + 3 + 1,
  );
});

test('what it does not hold is named, and what it holds instead', async () => {
  const { code, err } = await sonde(`export ${await recording()} -f csv --table calls`);
  expect(code).toBe(50);
  expect(err).toContain('holds nothing of System calls');
  expect(err).toContain('csv, json, jsonl, parquet with the table flows or dns or drops');
});
