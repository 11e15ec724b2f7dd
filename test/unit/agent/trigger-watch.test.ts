import { describe, expect, it } from 'vitest';
import { COOL_DOWN_MS, type Readings, TriggerWatch } from '../../../remote-agent/agent/flight/trigger-watch.ts';
import {
  findProbe,
  parseTrigger,
  syscallCode,
  WindowSum,
  emptyCounters,
} from '../../../remote-agent/protocol/index.ts';

const QUIET: Readings = { cpuShare: 0.1, availableBytes: 1e9, celsius: 40, started: [] };
const CONNECT = syscallCode(1, 42);
const READ = syscallCode(1, 0);
const ECONNREFUSED = 111;

const watchOf = (...texts: readonly string[]) => new TriggerWatch(texts.map(parseTrigger), 0);

/** One row per [call, errno, bucket, calls]. */
function calls(...rows: readonly (readonly [number, number, number, number])[]): WindowSum {
  const manifest = findProbe('syscalls');
  if (!manifest) throw new Error('no such probe');
  const window = new WindowSum(manifest, { fromNs: 0n, toNs: 1n, counters: emptyCounters(), drains: 1 }, rows.length);
  for (const [call, errno, bucket, count] of rows) {
    const row = window.nextRow();
    const cells = [1, call, errno, bucket, count, count * 2 ** bucket, 2 ** bucket * 1.5];
    for (const [i, cell] of cells.entries()) (window.columns[i] as Float64Array)[row] = cell;
    window.commit();
  }
  return window;
}

describe('a trigger fires', () => {
  it('after the load was high for as long as it says, and then is quiet for a while', () => {
    const watch = watchOf('cpu>80% for 3s');
    const busy = { ...QUIET, cpuShare: 0.93 };
    const fired = [];
    for (let second = 1; second <= 40; second++) if (watch.look(second * 1000, busy).length > 0) fired.push(second);
    expect(fired).toEqual([3, 3 + COOL_DOWN_MS / 1000]);
    watch.look(41_000, QUIET);
    expect(watchOf('cpu>80% for 3s').look(1000, busy)).toEqual([]);
  });

  it('not where the load fell in between', () => {
    const watch = watchOf('cpu>80% for 3s');
    const loads = [0.9, 0.9, 0.2, 0.9, 0.9];
    expect(loads.flatMap((cpuShare, i) => watch.look((i + 1) * 1000, { ...QUIET, cpuShare }))).toEqual([]);
  });

  it('for an error of a call at a rate', () => {
    const watch = watchOf('errno:connect:ECONNREFUSED>10/s');
    watch.window(calls([CONNECT, ECONNREFUSED, 10, 9], [CONNECT, 0, 10, 500], [READ, ECONNREFUSED, 10, 500]));
    expect(watch.look(1000, QUIET)).toEqual([]);
    watch.window(calls([CONNECT, ECONNREFUSED, 10, 8]));
    watch.window(calls([CONNECT, ECONNREFUSED, 11, 4]));
    expect(watch.look(2000, QUIET)).toEqual([
      { trigger: 'errno:connect:ECONNREFUSED>10/s', found: '12.0 ECONNREFUSED a second' },
    ]);
  });

  it('for a percentile of a latency, of one call or of all', () => {
    const watch = watchOf('latency:connect:p99>50ms', 'latency:*:p50>50ms');
    watch.window(calls([CONNECT, 0, 10, 90], [CONNECT, 0, 26, 10], [READ, 0, 10, 900]));
    expect(watch.look(1000, QUIET).map(({ trigger }) => trigger)).toEqual(['latency:connect:p99>50ms']);
    expect(watch.look(2000, QUIET)).toEqual([]);
  });

  it('for loss, memory, temperature and a process', () => {
    const watch = watchOf('loss', 'memory<50MB', 'temperature>80C', 'process:dpkg');
    expect(watch.look(1000, QUIET)).toEqual([]);
    const window = calls();
    window.counters.lost.push({ $typeName: 'sonde.v1.Lost', cause: 'map-full', count: 7n });
    watch.window(window);
    expect(watch.look(2000, { cpuShare: 0, availableBytes: 4e7, celsius: 81.4, started: ['sh', 'dpkg'] })).toEqual([
      { trigger: 'loss', found: '7 lost' },
      { trigger: 'memory<50MB', found: '40 MB available' },
      { trigger: 'temperature>80C', found: '81 °C' },
      { trigger: 'process:dpkg', found: 'it was started' },
    ]);
  });

  it('never where the device has no sensor', () => {
    expect(watchOf('temperature>1C').look(1000, { ...QUIET, celsius: null })).toEqual([]);
  });
});
