/**
 * What happened when, for ui.perfetto.dev and chrome://tracing: samples of each thread, slow calls as slices, load and
 * rates as counters, marks and notes as moments. The Trace Event Format in JSON; samples as V8 writes its own, because
 * that is how both take stacks.
 */
import { describeCall, deviceText, errnoName, type Mark, type Signal } from '../../../remote-agent/protocol/index.ts';
import { About } from '../about.ts';
import { type Batches, signalsOf } from '../batches.ts';
import type { RecordingExporter, RecordingOptions } from '../exporters.ts';
import { inRange, isAt, type ProfileFilter } from '../filter.ts';
import { type SlowCall, SlowCalls } from '../slow/slow-calls.ts';
import { RateCounters } from './rate-counters.ts';
import { TimedCollector } from './timed-samples.ts';
import { moment, processName, slice, threadName, TraceClock, type TraceEvent } from './trace-events.ts';
import { v8Profiles } from './v8-profile.ts';

export const perfetto: RecordingExporter = {
  of: 'recording',
  format: 'perfetto',
  title: 'Trace for ui.perfetto.dev and chrome://tracing',
  extension: '.trace.json',
  needs: null,
  async open(batches, options) {
    const counts = { events: 0 };
    return { pieces: pieces(batches(), options, counts), counts };
  },
};

/** Nobody's process: what is true of the whole device stands in it. */
const DEVICE_PID = 0;
const MAX_TEXT = 500;

async function* pieces(
  batches: Batches,
  options: RecordingOptions,
  counts: { events: number },
): AsyncGenerator<string, void, void> {
  yield '{"displayTimeUnit":"ns","traceEvents":[\n';
  let comma = '';
  for await (const events of eventsOf(batches, options)) {
    if (events.length === 0) continue;
    counts.events += events.length;
    yield comma + events.map((event) => JSON.stringify(event)).join(',\n');
    comma = ',\n';
  }
  yield '\n]}\n';
}

async function* eventsOf(
  batches: Batches,
  { filter, stop, marks }: RecordingOptions,
): AsyncGenerator<readonly TraceEvent[], void, void> {
  const about = new About();
  const samples = new TimedCollector(about, filter);
  const slow = new SlowCalls(about, filter);
  const rates = new RateCounters(about, filter, DEVICE_PID);
  const threads = new Set<number>();
  let clock: TraceClock | null = null;
  const slices = (calls: readonly SlowCall[], at: TraceClock): TraceEvent[] =>
    calls.map((call) => {
      threads.add(call.thread);
      return callSlice(call, about, at);
    });
  for await (const signal of signalsOf(batches, stop)) {
    about.take(signal, filter);
    samples.take(signal);
    clock ??= clockFrom(signal);
    if (!clock) continue;
    yield [...slices(slow.take(signal), clock), ...rates.take(signal, clock), ...notes(signal, filter, clock)];
  }
  if (!clock) return;
  yield slices(slow.finish(), clock);
  const profile = samples.finish();
  for (const thread of profile.runs.keys()) threads.add(thread);
  yield* v8Profiles(profile, clock);
  yield [...marksOf(marks, filter, clock), ...namesOf(threads, about)];
}

/** A trace begins at 0, at the first moment that is known. */
function clockFrom(signal: Signal): TraceClock | null {
  if (signal.kind === 'window' || signal.kind === 'cost') return new TraceClock(signal.fromNs);
  return signal.kind === 'clock' ? new TraceClock(signal.monotonicNs) : null;
}

function callSlice(call: SlowCall, { tables }: About, clock: TraceClock): TraceEvent {
  const { code, args, path, file, errno, thread, begunNs, durationNs, isFinished } = call;
  const text = describeCall(code, args, deviceText(path, MAX_TEXT), deviceText(file, MAX_TEXT));
  const place = { pid: tables.processOf(thread)?.pid ?? DEVICE_PID, tid: tables.threads[thread]?.tid ?? DEVICE_PID };
  return slice('syscall', place, text, clock.us(begunNs), durationNs / 1000, {
    ...(errno === 0 ? {} : { errno: errnoName(errno) }),
    ...(isFinished ? {} : { inProgress: true }),
  });
}

function notes(signal: Signal, filter: ProfileFilter, clock: TraceClock): TraceEvent[] {
  return signal.kind === 'note' && isAt(signal.atNs, filter)
    ? [moment(DEVICE_PID, signal.text, clock.us(signal.atNs))]
    : [];
}

function marksOf(marks: readonly Mark[], filter: ProfileFilter, clock: TraceClock): TraceEvent[] {
  const place = { pid: DEVICE_PID, tid: DEVICE_PID };
  const within = marks.filter(({ fromNs, toNs }) => inRange({ fromNs, toNs: Math.max(toNs, fromNs + 1) }, filter));
  return within.map(({ text, fromNs, toNs, by }) =>
    fromNs === toNs
      ? moment(DEVICE_PID, text, clock.us(fromNs))
      : slice('mark', place, text, clock.us(fromNs), (toNs - fromNs) / 1000, { by }),
  );
}

function namesOf(threads: ReadonlySet<number>, { device, tables }: About): TraceEvent[] {
  const processes = new Map<number, string>([[DEVICE_PID, device?.hostname || 'device']]);
  const names = [threadName(DEVICE_PID, DEVICE_PID, 'marks')];
  for (const id of threads) {
    const [thread, process] = [tables.threads[id], tables.processOf(id)];
    if (!thread || !process) continue;
    processes.set(process.pid, process.comm);
    names.push(threadName(process.pid, thread.tid, thread.comm));
  }
  return [...[...processes].map(([pid, name]) => processName(pid, name)), ...names];
}
