import { useMemo, useRef, useState } from 'react';
import { isFixed, rangesOf } from '../../store/index.ts';
import type { RangeNs, Selection, StoreSnapshot } from '../../store/index.ts';
import { useSize } from '../../widgets/use-size.ts';
import './axis.css';
import { Brush } from './brush.tsx';
import type { AxisClock } from './clock.ts';
import { type AxisTime, boundsOf, domainOf, type Zoom, zoomTo } from './domain.ts';
import { leftOf } from './drag.ts';
import { Flags } from './flags.tsx';
import { Handle, Handles } from './handles.tsx';
import type { Happening } from './happenings.ts';
import { type AxisLayout, type AxisSize, layoutOf } from './layout.ts';
import { MarkEditor } from './mark-editor.tsx';
import { Overview } from './overview.tsx';
import { AxisPicture } from './picture.tsx';
import { readoutAt } from './readout-lines.ts';
import { Readout } from './readout.tsx';
import { stepNs } from './step.ts';
import { lengthOf } from './stretch.ts';
import { type DrawnTrack, inWords, useDrawn } from './use-drawn.ts';
import type { Marking } from './use-marking.ts';

export interface TimeAxisProps {
  readonly snapshot: StoreSnapshot;
  readonly range: Selection['range'];
  readonly time: AxisTime;
  readonly zoom: Zoom;
  readonly size: AxisSize;
  /** Whose view is on the screen. */
  readonly probe: string;
  readonly clock: AxisClock;
  /** The "now" of a recording; null = it stands at its end. */
  readonly cursorNs: number | null;
  readonly happenings: readonly Happening[];
  readonly marking: Marking;
  readonly onZoom: (zoom: Zoom) => void;
  readonly onSelect: (range: Selection['range']) => void;
  readonly onSeek: (ns: number) => void;
  /** Nothing is set apart any more. */
  readonly onClear: () => void;
}

/** Tracks over one time scale, and on them what is selected. */
export function TimeAxis(props: TimeAxisProps) {
  const { snapshot, range, time, zoom, probe, clock, cursorNs, happenings, marking, onZoom, onSelect } = props;
  const { firstNs, lastNs } = snapshot;
  const [pointedNs, setPointedNs] = useState<number | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const domain = useStretch(domainOf(time, zoom));
  const bounds = boundsOf(time);
  const extent = useStretch({ fromNs: firstNs, toNs: lastNs });
  const { tracks, drawn, lost } = useDrawn(snapshot, domain, props.size, probe, size.widthPx);
  const layout = useMemo(() => layoutOf(props.size, tracks.length), [props.size, tracks.length]);
  const ranges = rangesOf(range, snapshot);
  const step = stepNs(domain);
  const onDomain = (next: RangeNs) => onZoom(zoomTo(next, time));
  const onWhole = () => {
    onZoom(null);
    props.onClear();
  };
  return (
    <div className={`axis axis-${props.size}`}>
      <Gutter {...{ drawn, layout }} />
      <div className="axis-plot" ref={place}>
        <AxisPicture {...{ drawn, lost, domain, extent, layout, size, clock, happenings }} />
        <Brush
          {...{ domain, bounds, ranges, onSelect, onDomain, onWhole }}
          isFixed={isFixed(range)}
          description={inWords(drawn)}
          onSeek={props.onSeek}
          onClear={props.onClear}
          onPoint={setPointedNs}
        >
          <Handles {...{ domain, ranges, clock, onSelect }} stepNs={step} />
          {cursorNs !== null && (
            <Handle
              {...{ domain, clock }}
              label="Playback position"
              look="axis-cursor"
              ns={cursorNs}
              stepNs={1e9}
              onMove={props.onSeek}
            />
          )}
          <Flags {...{ domain, clock }} marks={marking.marks} onEdit={marking.edit} />
          {pointedNs !== null && <span className="axis-pointed" style={{ left: leftOf(domain, pointedNs) ?? 0 }} />}
        </Brush>
        {pointedNs !== null && !marking.edited && (
          <Readout
            domain={domain}
            atNs={pointedNs}
            time={clock.instant(pointedNs)}
            lines={readoutAt(
              pointedNs,
              (lengthOf(domain) / Math.max(1, size.widthPx)) * 6,
              tracks,
              snapshot,
              happenings,
            )}
          />
        )}
        {marking.edited && (
          <MarkEditor key={marking.edited.id} {...marking} mark={marking.edited} {...{ domain, clock }} />
        )}
        <Overview {...{ domain, bounds, ranges, onDomain }} />
      </div>
    </div>
  );
}

/** What the tracks are, and what the top of each stands for. */
function Gutter({ drawn, layout }: { readonly drawn: readonly DrawnTrack[]; readonly layout: AxisLayout }) {
  return (
    <dl className="axis-gutter" style={{ height: layout.heightPx }}>
      {drawn.map(({ track, top }, index) => (
        <div key={track.id} style={{ top: layout.trackTops[index], height: layout.trackPx }}>
          <dt>{track.title}</dt>
          <dd title="At the top of the track">{track.shortText(top)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The same object while the times are the same. */
function useStretch({ fromNs, toNs }: RangeNs): RangeNs {
  return useMemo(() => ({ fromNs, toNs }), [fromNs, toNs]);
}
