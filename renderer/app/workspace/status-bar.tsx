import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { rangesOf } from '../../store/index.ts';
import type { ProbeData, RangeNs, Selection, StoreSnapshot } from '../../store/index.ts';
import { CostFace, CostPanel, costsWithin } from '../../views/cost/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';
import { Popover } from '../../widgets/popover.tsx';
import { LossIndicator } from './loss-indicator.tsx';
import { capital } from './probe-words.ts';
import { RecordState } from './record-state.tsx';

export interface StatusBarProps {
  readonly view: SessionView;
  readonly snapshot: StoreSnapshot;
  /** Of the view that is shown. */
  readonly manifest: ProbeManifest;
  readonly data: ProbeData;
  readonly range: Selection['range'];
  readonly onSelect: (range: RangeNs) => void;
  readonly onShowFile: (file: string) => void;
  /** Beside the recording. */
  readonly recorder: ReactNode;
}

/** What watching costs, what is missing from the data, and where the data goes: always in sight. */
export function StatusBar({ view, snapshot, manifest, data, range, onSelect, onShowFile, recorder }: StatusBarProps) {
  const { totals } = data;
  const { unit } = manifest.display;
  const hasStacks = manifest.columns.some(({ type }) => type === 'stack');
  const { costs, device, firstNs, lastNs, wallOffsetMs } = snapshot;
  const cpus = device?.onlineCpus ?? 1;
  const within = useMemo(
    () => rangesOf(range, { firstNs, lastNs }).flatMap(({ fromNs, toNs }) => costsWithin(costs, fromNs, toNs)),
    [costs, range, firstNs, lastNs],
  );
  return (
    <footer className="status-bar">
      <Popover
        face={<CostFace costs={within} cpus={cpus} />}
        label="What watching costs the device"
        look="status-item"
        side="above"
        align="start"
      >
        {() => <CostPanel costs={within} cpus={cpus} wallOffsetMs={wallOffsetMs} />}
      </Popover>
      <span className="status-item status-samples" title={`${capital(unit)} in the data, of the whole session`}>
        {formatCount(totals.kept)} {unit}
      </span>
      <LossIndicator snapshot={snapshot} onSelect={onSelect} />
      {hasStacks && (
        <span className="status-item status-stacks" title={INCOMPLETE}>
          {formatShare(totals.kept > 0 ? totals.incompleteStacks / totals.kept : 0)} incomplete stacks
        </span>
      )}
      <span className="status-space" />
      {recorder}
      <RecordState view={view} spanSeconds={(lastNs - firstNs) / 1e9} onShow={onShowFile} />
    </footer>
  );
}

const INCOMPLETE =
  'Samples that are counted but whose user or kernel stack is missing or was cut at 127 frames. ' +
  'The usual reason is a program built without frame pointers.';
