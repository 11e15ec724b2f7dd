import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Mark, SessionView } from '../../../electron/bridge/contract.ts';
import { rangeOf, rangesOf } from '../../store/index.ts';
import type { Selection, StoreSnapshot } from '../../store/index.ts';
import {
  around,
  AXIS_SIZES,
  axisClock,
  boundsOf,
  CLOCKS,
  domainOf,
  happeningsOf,
  isLive,
  MarkList,
  TimeAxis,
  useMarking,
  type Zoom,
  zoomed,
  zoomTo,
} from '../../views/axis/index.ts';
import type { AxisTime } from '../../views/axis/index.ts';
import { useRemembered } from '../../widgets/remembered.ts';
import type { Session } from '../session.ts';
import { AxisTools } from './axis-tools.tsx';
import { RangeChooser } from './range-chooser.tsx';
import { Transport } from './transport.tsx';
import { useAxisKeys } from './use-axis-keys.ts';
import { useFinerData } from './use-finer-data.ts';

export interface TimeBarProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly snapshot: StoreSnapshot;
  /** Whose view is on the screen. */
  readonly probe: string;
}

/** In a window that is lower, the axis begins as one line: the views below it need the room more. */
const ROOMY_PX = 800;

/** Which time is looked at, for every view: live and in replay alike. */
export function TimeBar({ session, view, snapshot, probe }: TimeBarProps) {
  const { selection, following, held, playback, marks, canUndoMarks, notice } = useStore(session.state);
  const { range } = selection;
  const [zoom, setZoom] = useState<Zoom>(null);
  const [size, setSize] = useRemembered('axis.size', AXIS_SIZES, window.innerHeight < ROOMY_PX ? 'line' : 'full');
  const [clockKind, setClock] = useRemembered('axis.clock', CLOCKS, 'wall');
  const { firstNs, lastNs, wallOffsetMs, probes, notes } = snapshot;
  const clock = useMemo(() => axisClock(clockKind, wallOffsetMs, firstNs), [clockKind, wallOffsetMs, firstNs]);
  const happenings = useMemo(() => happeningsOf({ probes, notes }), [probes, notes]);
  const marking = useMarking(marks, (next) => session.marks.set(next));
  const growing = session.grows();
  const time: AxisTime = { extent: { firstNs, lastNs }, held, following, grows: growing };
  const isLoading = useFinerData(session, view, rangeOf(range, snapshot));
  const hasData = lastNs > 0;

  const select = (next: Selection['range']) => session.selectRange(next);
  const clear = () => select(growing ? following : { kind: 'all' });
  const whole = () => {
    setZoom(null);
    clear();
  };
  const mark = () => {
    if (hasData && !marking.edited) marking.begin(placeOfMark(range, playback.cursorNs, lastNs));
  };
  const zoomBy = (factor: number) => {
    const domain = domainOf(time, zoom);
    setZoom(zoomTo(zoomed(domain, factor, (domain.fromNs + domain.toNs) / 2, boundsOf(time)), time));
  };
  const goTo = ({ fromNs, toNs }: Pick<Mark, 'fromNs' | 'toNs'>) => {
    if (zoom !== null || growing)
      setZoom(zoomTo(around({ fromNs, toNs }, boundsOf(time)), { ...time, held: held ?? time.extent }));
    if (toNs > fromNs) select({ kind: 'between', fromNs, toNs });
    else session.seek(fromNs);
  };
  useAxisKeys({
    onSpace: () => (growing ? session.togglePause() : hasData && session.player.toggle()),
    onMark: mark,
    onWhole: whole,
    onUndo: () => session.marks.undo(),
  });
  return (
    <section className={`time-bar time-bar-${size}`} aria-label="Time">
      <RangeChooser
        {...{ range, growing, clock, lastNs }}
        isLoading={isLoading && notice === null}
        ranges={rangesOf(range, snapshot)}
        chosen={!growing && playback.cursorNs !== null ? following : range}
        onChoose={select}
        onTogglePause={() => session.togglePause()}
      >
        <Transport
          playback={playback}
          onToggle={() => session.player.toggle()}
          onSpeed={(speed) => session.player.setSpeed(speed)}
        />
      </RangeChooser>
      {hasData && (
        <TimeAxis
          {...{ snapshot, range, time, zoom, size, probe, clock, happenings, marking }}
          cursorNs={growing ? null : playback.cursorNs}
          onZoom={setZoom}
          onSelect={select}
          onSeek={(ns) => session.seek(ns)}
          onClear={clear}
        />
      )}
      {hasData && (
        <AxisTools
          {...{ size, growing }}
          clock={clockKind}
          isWhole={zoom === null && (growing ? isLive(zoom, range) : range.kind === 'all')}
          onSize={setSize}
          onClock={setClock}
          onZoom={zoomBy}
          onWhole={whole}
          onMark={mark}
        >
          <MarkList
            {...{ marking, happenings, clock }}
            canUndo={canUndoMarks}
            onUndo={() => session.marks.undo()}
            onGo={goTo}
            onGoTo={(ns) => goTo({ fromNs: ns, toNs: ns })}
          />
        </AxisTools>
      )}
    </section>
  );
}

/** A new mark is of what is selected; else of the moment that is looked at. */
function placeOfMark(
  range: Selection['range'],
  cursorNs: number | null,
  lastNs: number,
): Pick<Mark, 'fromNs' | 'toNs'> {
  if (cursorNs !== null) return { fromNs: cursorNs, toNs: cursorNs };
  if (range.kind === 'between') return range;
  if (range.kind === 'several') return rangeOf(range, { firstNs: 0, lastNs });
  return { fromNs: lastNs, toNs: lastNs };
}
