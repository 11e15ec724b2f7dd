/** How much of a processor the tasks of the window's main thread took: what the machine did besides is not in it. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { removeFolder } from '../../remove-folder.ts';

/** As Chromium writes it; times in µs. */
interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time of the thread. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const TASK = /RunTask$/;
const US_PER_MS = 1000;

/** From now on. Resolves with what ends it and gives the longest, in ms. */
export async function watchTasks(app: ElectronApplication): Promise<() => Promise<number>> {
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'], excluded_categories: ['*'] }),
  );
  return async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sonde-trace-'));
    try {
      const file = path.join(folder, 'trace.json');
      await app.evaluate(({ contentTracing }, to) => contentTracing.stopRecording(to), file);
      return longestOf((JSON.parse(await readFile(file, 'utf8')) as { traceEvents: TraceEvent[] }).traceEvents);
    } finally {
      removeFolder(folder);
    }
  };
}

function longestOf(events: readonly TraceEvent[]): number {
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isMain = ({ ph, name, args }: TraceEvent) =>
    ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain';
  const mains = new Set(events.filter(isMain).map(thread));
  let longest = Number.NaN;
  for (const event of events)
    if (event.tdur !== undefined && TASK.test(event.name) && mains.has(thread(event)))
      longest = Math.max(Number.isNaN(longest) ? 0 : longest, event.tdur / US_PER_MS);
  return longest;
}
