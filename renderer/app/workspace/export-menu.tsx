import { useState } from 'react';
import type { ExportKind, ExportTable } from '../../../electron/bridge/contract.ts';
import { hasWindows } from '../../store/index.ts';
import type { StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { ExportIcon, RunningIcon } from '../../widgets/icons.tsx';
import { Popover } from '../../widgets/popover.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { firstPart, PartChoice, partsOf } from './part-choice.tsx';

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

/** Of all that was recorded. */
const WHOLE: readonly FormatChoice[] = [
  { format: 'html', table: null, name: 'Report', use: 'a page that opens in any browser, offline' },
  { format: 'perfetto', table: null, name: 'Trace', use: 'for ui.perfetto.dev and chrome://tracing' },
];

/** Which formats can carry what, by probe, in the order of the menu. */
const FORMATS = new Map<string, readonly FormatChoice[]>([
  [
    'cpu-profile',
    [
      { format: 'svg', table: null, name: 'SVG', use: 'a picture to zoom and search in a browser' },
      { format: 'png', table: null, name: 'PNG', use: 'the same, still' },
      { format: 'firefox', table: null, name: 'Firefox Profiler', use: 'for profiler.firefox.com' },
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
      { format: 'jsonl', table: 'calls', name: 'JSON lines', use: 'calls, a line each, for jq and logs' },
      { format: 'parquet', table: 'calls', name: 'Parquet', use: 'calls, for pandas, DuckDB and Spark' },
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
    { format: 'jsonl', table, name: 'JSON lines', use: 'the same, a line each, for jq and logs' },
    { format: 'parquet', table, name: 'Parquet', use: 'the same for pandas, DuckDB and Spark' },
  ];
}

export function ExportMenu({ session, exporting, snapshot, controller }: ExportMenuProps) {
  if (exporting)
    return (
      <Button
        title="Writing a file; nothing is left of it when it is cancelled"
        onClick={() => session.cancelExports()}
      >
        <RunningIcon size={14} />
        Cancel export
      </Button>
    );
  const face = (
    <>
      <ExportIcon size={14} />
      Export…
    </>
  );
  if (!hasWindows(snapshot)) return <Button disabled>{face}</Button>;
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
  // Fixed when the panel opens: what is exported is what stood here, even while the data goes on.
  const [parts] = useState(() => partsOf(session, snapshot));
  const [chosen, setChosen] = useState(() => firstPart(session));
  const choose = ({ format, table }: ExportKind) => {
    onDone();
    void controller.exportSession({ format, table }, parts[chosen]?.ranges ?? []);
  };
  return (
    <div className="export-panel">
      <PartChoice parts={parts} chosen={chosen} onChoose={setChosen} />
      <fieldset>
        <legend>Everything</legend>
        <FormatButtons formats={WHOLE} onChoose={choose} />
      </fieldset>
      {[...FORMATS].map(([probe, formats]) => {
        const windows = snapshot.probes.get(probe)?.windows;
        return (
          windows && (
            <fieldset key={probe}>
              <legend>
                {windows.manifest.title}
                {windows.windowCount === 0 && <span className="export-use"> (none in this session)</span>}
              </legend>
              {windows.windowCount > 0 && <FormatButtons formats={formats} onChoose={choose} />}
            </fieldset>
          )
        );
      })}
    </div>
  );
}

function FormatButtons({
  formats,
  onChoose,
}: {
  readonly formats: readonly FormatChoice[];
  readonly onChoose: (choice: FormatChoice) => void;
}) {
  return formats.map((choice) => (
    <Button key={choice.name} look="quiet" onClick={() => onChoose(choice)}>
      <b>{choice.name}</b>
      <span className="export-use">{choice.use}</span>
    </Button>
  ));
}
