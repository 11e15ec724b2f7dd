import { useState } from 'react';
import type { ExportFormat } from '../../../electron/bridge/contract.ts';
import type { Display } from '../../../remote-agent/protocol/manifest.ts';
import { hasWindows, rangeOf } from '../../store/index.ts';
import type { ProbeData, StoreSnapshot } from '../../store/index.ts';
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

interface FormatChoice {
  readonly format: ExportFormat;
  readonly name: string;
  readonly use: string;
}

/** Which formats can carry what, by the kind of view that shows it. */
const FORMATS: Readonly<Record<Display['view'], readonly FormatChoice[]>> = {
  flamegraph: [
    { format: 'folded', name: 'Folded stacks', use: 'text, for flamegraph.pl and scripts' },
    { format: 'pprof', name: 'pprof', use: 'for go tool pprof, Parca, Pyroscope' },
    { format: 'speedscope', name: 'speedscope', use: 'for speedscope.app' },
  ],
  calls: [
    { format: 'csv', name: 'CSV', use: 'a row per process and call' },
    { format: 'json', name: 'JSON', use: 'calls and errors with units, for scripts' },
  ],
  events: [],
};

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
      {[...snapshot.probes.values()].filter(hasFormats).map(({ windows }) => (
        <fieldset key={windows.manifest.id} disabled={windows.windowCount === 0}>
          <legend>
            {windows.manifest.title}
            {windows.windowCount === 0 && <span className="export-use"> (none in this session)</span>}
          </legend>
          {FORMATS[windows.manifest.display.view].map(({ format, name, use }) => (
            <Button
              key={format}
              look="quiet"
              onClick={() => {
                onDone();
                void controller.exportSession(format, whole ? null : selected);
              }}
            >
              <b>{name}</b>
              <span className="export-use">{use}</span>
            </Button>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function hasFormats({ windows }: ProbeData): boolean {
  return FORMATS[windows.manifest.display.view].length > 0;
}
