import type { ColumnType } from '../../remote-agent/protocol/manifest.ts';
import type { ProbeColumns, SampleColumns } from '../store/model.ts';

const NOTHING = new Uint32Array(0);

/** The columns a flame graph needs, found by what the probe's manifest says of them. A column that it has not is empty. */
export function sampleColumns({ manifest, columns, ...axis }: ProbeColumns): SampleColumns {
  const first = (wanted: (spec: (typeof manifest.columns)[number]) => boolean) =>
    columns[manifest.columns.findIndex(wanted)] ?? NOTHING;
  const ofType = (wanted: ColumnType) => first(({ type }) => type === wanted);
  const named = (wanted: string) => first(({ name }) => name === wanted);
  return {
    ...axis,
    thread: ofType('thread'),
    cpu: ofType('cpu'),
    stack: ofType('stack'),
    samples: named(manifest.display.weight),
    slot: named('slot'),
  };
}
