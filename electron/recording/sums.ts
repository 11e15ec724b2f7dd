/** Windows of one probe, and costs, added up into one: totals stay exact, time gets coarser. */
import {
  addCounts,
  type ColumnData,
  type CostSignal,
  emptyCounters,
  findProbe,
  type ProbeManifest,
  type RunRows,
  type WindowSignal,
  WindowSum,
} from '../../remote-agent/protocol/index.ts';

/** At least one, all of one probe that counts and is known here. */
export function sumOfWindows(windows: readonly WindowSignal[]): WindowSignal {
  const manifest = manifestOf(windows);
  const sum = new WindowSum(
    manifest,
    { fromNs: 0n, toNs: 0n, counters: emptyCounters(), drains: 0 },
    windows[0]?.rows ?? 0,
  );
  const faded = manifest.columns.map(({ fades }) => fades === true);
  for (const { rows, columns } of windows)
    for (let row = 0; row < rows; row++) {
      const next = sum.nextRow();
      // A late column that the window has not is zeros, as are those that mean something in one window only.
      for (let i = 0; i < faded.length; i++)
        (sum.columns[i] as Uint32Array)[next] = faded[i] ? 0 : ((columns[i] as Uint32Array | undefined)?.[row] ?? 0);
      sum.commit();
    }
  return around(
    windows,
    sum.columns.map((column) => (column as Uint32Array).slice(0, sum.rows)),
  );
}

/** The same of windows whose rows were sorted to be written: null where that would not be exact. */
export function sumOfRows(rows: RunRows): WindowSignal | null {
  const columns = rows.sum();
  return (
    columns &&
    around(
      rows.windows.map(({ window }) => window),
      columns,
    )
  );
}

function around(windows: readonly WindowSignal[], columns: readonly ColumnData[]): WindowSignal {
  return {
    kind: 'window',
    probe: manifestOf(windows).id,
    fromNs: Math.min(...windows.map(({ fromNs }) => fromNs)),
    toNs: Math.max(...windows.map(({ toNs }) => toNs)),
    rows: columns[0]?.length ?? 0,
    columns,
    counters: windows.map(({ counters }) => counters).reduce(addCounts),
    drains: windows.reduce((all, { drains }) => all + drains, 0),
  };
}

function manifestOf([first]: readonly WindowSignal[]): ProbeManifest {
  const manifest = first && findProbe(first.probe);
  if (!manifest) throw new Error('a sum of no windows');
  return manifest;
}

/** The column by which its rows are weighed, added up. Exact to 2^53, and the same however the rows are grouped up to there. */
export function weightOf({ probe, columns, rows }: WindowSignal): number {
  const manifest = findProbe(probe);
  const column = columns[manifest?.columns.findIndex(({ name }) => name === manifest.display.weight) ?? -1];
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += Number(column?.[row] ?? 0);
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

/** Times and bytes sent are sums; of what is there at one moment the most is kept, of free memory the least. */
export function sumOfCosts(costs: readonly CostSignal[]): CostSignal {
  return costs.reduce((a, b) => ({
    kind: 'cost',
    fromNs: Math.min(a.fromNs, b.fromNs),
    toNs: Math.max(a.toNs, b.toNs),
    agentCpuNs: a.agentCpuNs + b.agentCpuNs,
    loaderCpuNs: a.loaderCpuNs + b.loaderCpuNs,
    bpfCpuNs: a.bpfCpuNs + b.bpfCpuNs,
    agentResidentBytes: Math.max(a.agentResidentBytes, b.agentResidentBytes),
    loaderResidentBytes: Math.max(a.loaderResidentBytes, b.loaderResidentBytes),
    kernelMapBytes: Math.max(a.kernelMapBytes, b.kernelMapBytes),
    sentBytes: a.sentBytes + b.sentBytes,
    spoolBytes: Math.max(a.spoolBytes, b.spoolBytes),
    deviceCpuBusyNs: a.deviceCpuBusyNs + b.deviceCpuBusyNs,
    memoryAvailableBytes: Math.min(a.memoryAvailableBytes, b.memoryAvailableBytes),
  }));
}
