/** Fifty times the end that nobody wanted: the application, its session process, the recorder killed with -9, the disk full. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from '../fixtures/random.ts';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { median, seconds } from './harness/figures.ts';
import { type AppKill, killApplications, type Victim } from './recording/app-kills.ts';
import { claim } from './recording/claim.ts';
import { Recorder, type WriterKill } from './recording/writer-kills.ts';

const SEED = 50;
/** Together fifty. */
const COUNTS = { application: 10, 'session process': 10, recorder: 18, 'full disk': 12 } as const;
const QUICK = { application: 1, 'session process': 1, recorder: 2, 'full disk': 2 } as const;
const MOST_LIFE_MS = 3000;
const DISK_BYTES = { least: 50_000, most: 600_000 } as const;

type Kill = AppKill | WriterKill;

async function run(context: BenchContext): Promise<BenchResult> {
  const { quick, scratch, log } = context;
  const counts = quick ? QUICK : COUNTS;
  const random = seededRandom(SEED);
  const life = () => 50 + random() * MOST_LIFE_MS;
  const recorder = await Recorder.bundled(scratch);
  const kills = new Map<string, Kill[]>([
    ['recorder', []],
    ['full disk', []],
  ]);
  for (let i = 0; i < counts.recorder; i++) kills.get('recorder')?.push(await recorder.killedAfter(life()));
  const { least, most } = DISK_BYTES;
  for (let i = 0; i < counts['full disk']; i++)
    kills.get('full disk')?.push(await recorder.fullAfter(least + random() * (most - least), random() * 300));
  log(`${counts.recorder} recorders were killed, ${counts['full disk']} ran out of disk`);
  const victims: readonly Victim[] = ['application', 'session process'];
  const order = victims.flatMap((victim) => Array.from({ length: counts[victim] }, () => ({ victim, lifeMs: life() })));
  const folder = path.join(scratch, 'applications');
  await mkdir(folder);
  const ofApps = await killApplications(folder, order, log);
  for (const victim of victims)
    kills.set(
      victim,
      ofApps.filter((each) => each.victim === victim),
    );
  const all = [...kills.values()].flat();
  const opened = all.filter(({ opens }) => opens).length;
  const worst = (names: readonly string[]) =>
    Math.max(...names.flatMap((name) => kills.get(name) ?? []).map(({ missingMs }) => missingMs));
  const ofRecorder = worst(['recorder', 'full disk']);
  const ofWindow = worst(victims);
  return {
    about: `${all.length} recordings whose end came at a random moment (seed ${SEED}): killed with −9, or the disk was full.`,
    claims: [
      claim('files that open', 'all', `${opened} of ${all.length}`, opened === all.length),
      claim('missing of the recorder’s', '≤ 1 s', seconds(ofRecorder), ofRecorder <= 1000),
      claim('missing of the application’s', '≤ 1 s', seconds(ofWindow), ofWindow <= 1000),
    ],
    tables: [
      {
        title: 'What ended',
        columns: ['', 'times', 'open', 'missing, usually', 'at most'],
        rows: [...kills].map(([name, of]) => [
          name,
          String(of.length),
          String(of.filter(({ opens }) => opens).length),
          seconds(median(of.map(({ missingMs }) => missingMs))),
          seconds(Math.max(...of.map(({ missingMs }) => missingMs))),
        ]),
      },
    ],
    notes: [
      'Recorder and full disk: the writer in a process of its own, with 20 windows a second: what it had been given before it was killed or the disk was full, and is not in the file. The disk is a real, small one.',
      'Application and session process: the real ones, recording over SSH what a device sends each second, which a program on this computer does in its place. Missing is the time from when the first window was sent that is not in the file to the kill.',
    ],
    figures: Object.fromEntries(kills),
  };
}

export const RECORDING_KILLS: Bench = { name: 'recording-kills', title: 'Recordings that were cut off', run };
