import { useMemo } from 'react';
import { type Filter, sampleColumns, threadTest } from '../../derive/index.ts';
import { cpusSeen, SECOND_NS, type Seconds, type SecondsGrid, secondsGrid } from '../../derive/subsecond/index.ts';
import { type ProbeColumns, type Tables, windowsWithin } from '../../store/index.ts';

export interface CountedGrid {
  readonly grid: SecondsGrid;
  readonly cpus: readonly number[];
}

/** Samples of the seconds that are shown. */
export function useGrid(
  windows: ProbeColumns,
  tables: Tables,
  { process, thread, container }: Filter,
  { first, count }: Seconds,
  slotNs: number,
  cpu: number | null,
): CountedGrid {
  return useMemo(() => {
    const samples = sampleColumns(windows);
    const span = windowsWithin(windows, { fromNs: first * SECOND_NS, toNs: (first + count) * SECOND_NS });
    const passes = threadTest(tables, { process, thread, container });
    const grid = secondsGrid({ samples, span, seconds: { first, count }, slotNs, cpu, passes });
    return { grid, cpus: cpusSeen(samples, span) };
  }, [windows, tables, process, thread, container, first, count, slotNs, cpu]);
}
