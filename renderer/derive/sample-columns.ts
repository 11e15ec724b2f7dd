import type { ColumnType } from '../../remote-agent/protocol/manifest.ts';
import type { Column, ProbeColumns, SampleColumns } from '../store/model.ts';

const NOTHING = new Uint32Array(0);

/** The columns a flame graph needs, found by what the probe's manifest says of them. A column that it has not is empty. */
export function sampleColumns(windows: ProbeColumns): SampleColumns {
  const { manifest, columns, ...axis } = windows;
  const ofType = (type: ColumnType) => asUint32(columns[manifest.columns.findIndex((column) => column.type === type)]);
  const named = (wanted: string) => asUint32(columns[manifest.columns.findIndex(({ name }) => name === wanted)]);
  return {
    ...axis,
    thread: ofType('thread'),
    cpu: ofType('cpu'),
    stack: ofType('stack'),
    samples: named(manifest.display.weight),
    slot: named('slot'),
  };
}

function asUint32(column: Column | undefined): Uint32Array {
  if (column instanceof Uint32Array) return column;
  return column ? Uint32Array.from(column) : NOTHING;
}
