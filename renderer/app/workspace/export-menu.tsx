import { useState } from 'react';
import type { ExportKind, ExportTable } from '../../../electron/bridge/contract.ts';
import { hasWindows, rangeOf } from '../../store/index.ts';
import type { StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { formatDuration } from '../../widgets/format.ts';
import { ExportIcon, RunningIcon } from '../../widgets/icons.tsx';
import { Popover } from '../../widgets/popover.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';

export interface ExportMenuProps {
  readonly session: Session;
  readonly exporting: boolean;
  readonly snapshot: StoreSnapshot;
  readonly controller: Controller;
}

interface FormatChoice extends ExportKind {
  readonly name: string;
  readonly use: string;
}

/** Which formats can carry what, by probe, in the order of the menu. */
const FORMATS = new Map<string, readonly FormatChoice[]>([
  [
    'cpu-profile',
    [
      { format: 'folded', table: null, name: 'Folded stacks', use: 'text, for flamegraph.pl and scripts' },
      { format: 'pprof', table: null, name: 'pprof', use: 'for go tool pprof, Parca, Pyroscope' },
      { format: 'speedscope', table: null, name: 'speedscope', use: 'for speedscope.app' },
    ],
  ],
  [
    'syscalls',
    [
      { format: 'csv', table: 'calls', name: 'CSV', use: 'a row per process and call' },
      { format: 'csv', table: 'errors', name: 'CSV of errors', use: 'a row per process, call and error' },
      { format: 'json', table: 'calls', name: 'JSON', use: 'calls and errors with units, for scripts' },
    ],
  ],
  ['slow-syscalls', tableChoices('slow', 'a row per call, with arguments and stack')],
  ['net-flows', tableChoices('flows', "a row per flow, without Sonde's own")],
  ['dns', tableChoices('dns', 'a row per question, with its answer')],
  ['net-drops', tableChoices('drops', 'a row per cause')],
]);

function tableChoices(table: ExportTable, use: string): readonly FormatChoice[] {
  return [
    { format: 'csv', table, name: 'CSV', use },
    { format: 'json', table, name: 'JSON', use: 'the same with units, for scripts' },
  ];
}

export function ExportMenu({ session, exporting, snapshot, controller }: ExportMenuProps) {
  const face = (
    <>
      {exporting ? <RunningIcon size={14} /> : <ExportIcon size={14} />}
      {exporting ? 'Exporting…' : 'Export…'}
    </>
  );
  if (exporting || !hasWindows(snapshot)) return <Button disabled>{face}</Button>;
  return (
    <Popover face={face} label="Export" look="button-plain" side="below" align="end">
      {(close) => <ExportPanel {...{ session, snapshot, controller }} onDone={close} />}
    </Popover>
  );
}

function ExportPanel({
  session,
  snapshot,
  controller,
  onDone,
}: Pick<ExportMenuProps, 'session' | 'snapshot' | 'controller'> & { readonly onDone: () => void }) {
  const [whole, setWhole] = useState(true);
  // Fixed when the panel opens: what is exported is what stood here, even while the data goes on.
  const [selected] = useState(() => rangeOf(session.state.getState().selection.range, session.snapshots.getState()));
  return (
    <div className="export-panel">
      <fieldset>
        <legend>What</legend>
        <label>
          <input type="radio" name="export-range" checked={whole} onChange={() => setWhole(true)} />
          The whole session
        </label>
        <label>
          <input type="radio" name="export-range" checked={!whole} onChange={() => setWhole(false)} />
          The selected range ({formatDuration((selected.toNs - selected.fromNs) / 1e9)})
        </label>
      </fieldset>
      {[...FORMATS].map(([probe, formats]) => {
        const windows = snapshot.probes.get(probe)?.windows;
        return (
          windows && (
            <fieldset key={probe} disabled={windows.windowCount === 0}>
              <legend>
                {windows.manifest.title}
                {windows.windowCount === 0 && <span className="export-use"> (none in this session)</span>}
              </legend>
              {formats.map(({ format, table, name, use }) => (
                <Button
                  key={name}
                  look="quiet"
                  onClick={() => {
                    onDone();
                    void controller.exportSession({ format, table }, whole ? null : selected);
                  }}
                >
                  <b>{name}</b>
                  <span className="export-use">{use}</span>
                </Button>
              ))}
            </fieldset>
          )
        );
      })}
    </div>
  );
}
