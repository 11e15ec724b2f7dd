import type { ColumnType, ProbeManifest } from '../../remote-agent/protocol/manifest.ts';
import { findProbe } from '../../remote-agent/protocol/probes/index.ts';
import type { WindowSignal } from '../../remote-agent/protocol/signal.ts';
import type { WindowRows } from './sample-ring.ts';

const NOTHING = new Uint32Array(0);

/** The columns a flame graph needs, found by what the probe's manifest says of them; null for any other kind of probe. */
export function windowRows(window: WindowSignal): WindowRows | null {
  const manifest = findProbe(window.probe);
  if (manifest?.display.view !== 'flamegraph') return null;
  return {
    fromNs: window.fromNs,
    toNs: window.toNs,
    rows: window.rows,
    thread: columnOf(window, manifest, 'thread'),
    cpu: columnOf(window, manifest, 'cpu'),
    stack: columnOf(window, manifest, 'stack'),
    samples: weightOf(window, manifest),
    counters: window.counters,
  };
}

function columnOf(window: WindowSignal, manifest: ProbeManifest, type: ColumnType): Uint32Array {
  return asUint32(
    window,
    manifest.columns.findIndex((column) => column.type === type),
  );
}

function weightOf(window: WindowSignal, manifest: ProbeManifest): Uint32Array {
  return asUint32(
    window,
    manifest.columns.findIndex((column) => column.name === manifest.display.weight),
  );
}

/** A column the manifest has not, or that came without values, counts as zeros: append() leaves those rows as they are. */
function asUint32(window: WindowSignal, index: number): Uint32Array {
  const column = window.columns[index];
  if (column instanceof Uint32Array) return column;
  return column instanceof Float64Array ? Uint32Array.from(column) : NOTHING;
}
