import { useMemo, useRef, useState } from 'react';
import {
  areSlots,
  isWithoutSlots,
  SECOND_NS,
  type Seconds,
  type SecondsGrid,
  slotFromNs,
  slotLengthNs,
  SLOT,
  type SlotPlace,
} from '../../derive/subsecond/index.ts';
import {
  isFixed,
  type ProbeData,
  type RangeNs,
  rangeOf,
  rangesOf,
  type Selection,
  type StoreSnapshot,
  united,
} from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { Combobox } from '../../widgets/combobox.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { formatCount, formatDeviceInstant, formatNs } from '../../widgets/format.ts';
import { LEFT_PX, RIGHT_PX } from '../../widgets/plot-axes.ts';
import { Readout } from '../../widgets/readout.tsx';
import { useSize } from '../../widgets/use-size.ts';
import { whyEmpty } from './emptiness.ts';
import { isSame, shownSeconds, turned } from './shown-seconds.ts';
import { SubsecondMap } from './subsecond-map.tsx';
import './subsecond.css';
import { useGrid } from './use-grid.ts';

export interface SubsecondPanelProps {
  readonly snapshot: StoreSnapshot;
  /** Of the probe of samples, all that is known of it. */
  readonly data: ProbeData;
  readonly selection: Selection;
  readonly live: boolean;
  /** Windows of the selection that do not say when are in it as a whole. */
  readonly isWidened: boolean;
  readonly onSelectionChange: (next: Selection) => void;
  readonly onShowInGraph: () => void;
}

/** A second is at least so wide. */
const LEAST_PX = 2;

/** When within each second samples were taken. */
export function SubsecondPanel(props: SubsecondPanelProps) {
  const { snapshot, data, selection, live, onSelectionChange } = props;
  const { windows, events } = data;
  const { range } = selection;
  const { wallOffsetMs, tables } = snapshot;
  const [cpu, setCpu] = useState<number | null>(null);
  const [pointed, setPointed] = useState<SlotPlace | null>(null);
  const [kept, keep] = useState<{ readonly seconds: Seconds; readonly range: Selection['range'] } | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  /** What Clear goes back to. */
  const [followed, follow] = useState<Selection['range']>({ kind: 'all' });

  const slotNs = slotLengthNs(events);
  const most = Math.max(10, Math.floor((size.widthPx - LEFT_PX - RIGHT_PX) / LEAST_PX));
  const extent: RangeNs = {
    fromNs: windows.windowFromNs[0] ?? 0,
    toNs: windows.windowToNs[windows.windowCount - 1] ?? 0,
  };
  const around = { firstNs: extent.fromNs, lastNs: extent.toNs };
  const isKept = kept !== null && kept.range === range && kept.seconds.count <= most;
  const seconds = isKept
    ? kept.seconds
    : shownSeconds({ range: rangeOf(range, around), isFixed: isFixed(range), extent, most });
  const { grid, cpus } = useGrid(windows, tables, selection, seconds, slotNs, cpu);
  const selected = useMemo(() => (isFixed(range) ? rangesOf(range, { firstNs: 0, lastNs: 0 }) : []), [range]);
  const isFiltered =
    cpu !== null || selection.process !== null || selection.thread !== null || selection.container !== null;
  const emptiness = whyEmpty({ grid, live, isOff: isWithoutSlots(events), isFiltered });

  /** The picture stays where it is, and what was selected is seen in it. */
  const selectRange = (next: Selection['range']) => {
    keep({ seconds, range: next });
    onSelectionChange({ ...selection, range: next });
  };
  const turn = (by: -1 | 1) => keep({ seconds: turned(seconds, by, extent), range });
  const canTurn = (by: -1 | 1) => !isSame(turned(seconds, by, extent), seconds);
  const pointedText = pointed ? readout(grid, pointed, wallOffsetMs) : '';
  return (
    <section className="subsecond" aria-label="Heat map">
      <header className="subsecond-head">
        {cpus.length > 1 || cpu !== null ? (
          <Combobox
            label="CPU"
            anyText="All CPUs"
            options={cpus.map(cpuOption)}
            chosen={cpu === null ? null : cpuOption(cpu)}
            onChoose={(id) => setCpu(id === null ? null : Number(id))}
          />
        ) : null}
        {(canTurn(-1) || canTurn(1)) && (
          <span className="subsecond-turn">
            <Button look="quiet" disabled={!canTurn(-1)} onClick={() => turn(-1)}>
              ‹ Earlier
            </Button>
            <Button look="quiet" disabled={!canTurn(1)} onClick={() => turn(1)}>
              Later ›
            </Button>
          </span>
        )}
        {selected.length > 0 && (
          <>
            <p className="subsecond-choice">{choiceText(selected, wallOffsetMs)}</p>
            <Button look="quiet" onClick={props.onShowInGraph}>
              Flame graph →
            </Button>
            <Button look="quiet" onClick={() => selectRange(followed)}>
              Clear
            </Button>
          </>
        )}
        {!emptiness && <Legend grid={grid} />}
      </header>
      {emptiness && (
        <div className="subsecond-empty">
          <EmptyNote {...emptiness} />
        </div>
      )}
      <SubsecondMap
        {...{ place, size, grid, selected, wallOffsetMs, pointed, pointedText }}
        isEmpty={emptiness !== null}
        newest={Math.floor((extent.toNs - 1) / SECOND_NS)}
        onPoint={setPointed}
        onSelect={(chosen, adds) => {
          if (!isFixed(range)) follow(range);
          const next = united(adds ? [...selected, chosen] : [chosen]);
          if (next) selectRange(next);
        }}
      />
      <Readout text={pointedText}>{pointedText || (emptiness ? '' : hintOf(selected, props.isWidened))}</Readout>
    </section>
  );
}

/** What the colours mean: samples in one slot. */
function Legend({ grid: { most, unplaced, state } }: { readonly grid: SecondsGrid }) {
  if (most === 0) return null;
  return (
    <div className="subsecond-legend">
      {unplaced > 0 && (
        <span className="subsecond-key">
          <span className="subsecond-stripes" aria-hidden="true" /> average of a window
        </span>
      )}
      {state.includes(SLOT.unwatched) && (
        <span className="subsecond-key">
          <span className="subsecond-gap" aria-hidden="true" /> not watched
        </span>
      )}
      <span className="subsecond-key">
        1 <span className="heat-ramp" aria-hidden="true" /> {formatCount(Math.max(1, Math.ceil(most)))} samples
      </span>
    </div>
  );
}

function cpuOption(cpu: number) {
  return { id: String(cpu), text: `CPU ${cpu}`, detail: '' };
}

function choiceText(selected: readonly RangeNs[], wallOffsetMs: number | null): string {
  const lengthNs = selected.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  const [only, more] = selected;
  if (!only || more) return `${selected.length} ranges selected, ${formatNs(lengthNs)}`;
  const [from, to] = [only.fromNs, only.toNs].map((ns) => formatDeviceInstant(ns, wallOffsetMs));
  return `${from} to ${to} selected, ${formatNs(lengthNs)}`;
}

function hintOf(selected: readonly RangeNs[], isWidened: boolean): string {
  if (selected.length === 0)
    return 'Drag from one part of a second to another to select; with Ctrl to select one more.';
  if (!areSlots(selected))
    return 'All views show the windows that the range touches. What is dragged here is exact to the slot.';
  return isWidened
    ? 'Some windows of the selection do not say when their samples were taken: all of them are in the flame graph.'
    : 'The flame graph, functions and sandwich have exactly these samples; other probes show the windows around them.';
}

function readout(grid: SecondsGrid, pointed: SlotPlace, wallOffsetMs: number | null): string {
  const { seconds, slots, slotNs } = grid;
  const cell = (pointed.second - seconds.first) * slots + pointed.slot;
  const time = formatDeviceInstant(slotFromNs(pointed, slotNs), wallOffsetMs);
  const offset = `${Math.round((pointed.slot * slotNs) / 1e6)} ms into the second`;
  const samples = grid.samples[cell] ?? 0;
  if ((grid.state[cell] ?? SLOT.unwatched) === SLOT.unwatched) return `${time}   ${offset}   nothing was watched`;
  if (grid.state[cell] === SLOT.averaged)
    return `${time}   ${offset}   about ${samples.toFixed(1)} samples, the average of its window`;
  return `${time}   ${offset}   ${formatCount(samples)} ${samples === 1 ? 'sample' : 'samples'}`;
}
