import { useMemo, useRef, useState } from 'react';
import { type FlowMap, flowMap, type FlowsOfRange, type RemoteGrouping } from '../../../derive/flows/index.ts';
import { Readout } from '../../../widgets/readout.tsx';
import { Segmented } from '../../../widgets/segmented.tsx';
import { useSize } from '../../../widgets/use-size.ts';
import { mostNodes, type MapTarget } from './map-layout.ts';
import { MapPicture } from './map-picture.tsx';
import { targetText } from './map-words.ts';
import './map.css';

export interface MapPanelProps {
  readonly flows: FlowsOfRange;
  readonly grouping: RemoteGrouping;
  readonly onGrouping: (grouping: RemoteGrouping) => void;
  /** A node or a ribbon was chosen. */
  readonly onPick: (map: FlowMap, target: MapTarget) => void;
}

const GROUPINGS = [
  { value: 'name', text: 'Name' },
  { value: 'address', text: 'Address' },
  { value: 'subnet', text: 'Subnet' },
] as const;

/** Who talks to whom. */
export function MapPanel({ flows: { world, list }, grouping, onGrouping, onPick }: MapPanelProps) {
  const [pointed, setPointed] = useState<MapTarget | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const most = mostNodes(size.heightPx);
  const map = useMemo(() => flowMap(world, list, grouping, most), [world, list, grouping, most]);
  const target = pointed && isThere(map, pointed) ? pointed : null;
  const text = target ? targetText(map, target) : '';
  return (
    <section className="net-panel" aria-label="Map">
      <header className="picture-head">
        <h2>Map</h2>
        <Legend />
        <Segmented label="Remote ends by" options={GROUPINGS} value={grouping} onChange={onGrouping} />
      </header>
      <div className="net-map" ref={place}>
        {map.links.length === 0 ? (
          <p className="net-panel-empty">No flow between two ends.</p>
        ) : (
          size.heightPx > 0 && (
            <MapPicture
              {...{ map, size }}
              pointed={target}
              pointedText={text}
              onPoint={setPointed}
              onPick={(picked) => onPick(map, picked)}
            />
          )
        )}
      </div>
      <Readout text={text}>
        {text || 'Width: payload both ways. Click a process, a remote end or a ribbon to filter.'}
      </Readout>
    </section>
  );
}

/** Smaller maps have fewer parts. */
function isThere(map: FlowMap, { kind, at }: MapTarget): boolean {
  return at < (kind === 'link' ? map.links : map[kind]).length;
}

function Legend() {
  return (
    <p className="net-map-legend">
      <span title="Up to 1 % of segments sent again, round trips up to 150 ms, up to 2 % of connections reset or failed">
        <span className="swatch net-health-good" />
        good
      </span>
      <span title="More than that">
        <span className="swatch net-health-fair" />
        fair
      </span>
      <span title="More than 5 % sent again, round trips over 500 ms, or more than 20 % of connections reset or failed">
        <span className="swatch net-health-poor" />
        poor
      </span>
    </p>
  );
}
