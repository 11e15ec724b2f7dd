import { useMemo, useState } from 'react';
import {
  type FlowsOfRange,
  type FlowWorld,
  type Moment,
  MOMENT_KINDS,
  type MomentKind,
  momentsOf,
  ownerText,
} from '../../../derive/flows/index.ts';
import type { RangeNs } from '../../../store/index.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyNote } from '../../../widgets/empty-note.tsx';
import { formatCount, formatDeviceInstant } from '../../../widgets/format.ts';
import { Grid } from '../../../widgets/grid.tsx';
import {
  detailText,
  durationText,
  FIRST_MOMENT_SORTING,
  KIND_WORDS,
  MOMENT_COLUMNS,
  type MomentSorting,
  nextMomentSorting,
  sortMoments,
} from './moment-columns.ts';
import './moments.css';

export interface MomentsPaneProps {
  readonly flows: FlowsOfRange;
  readonly range: RangeNs;
  readonly live: boolean;
  readonly wallOffsetMs: number | null;
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  readonly copyText: (text: string) => void;
}

/** Connections as they came and went, and the sockets that wait for some. */
export function MomentsPane(props: MomentsPaneProps) {
  const { flows, range, live, wallOffsetMs } = props;
  const { world, list } = flows;
  const [kinds, setKinds] = useState<ReadonlySet<MomentKind>>(new Set(MOMENT_KINDS));
  const [sorting, setSorting] = useState<MomentSorting>(FIRST_MOMENT_SORTING);
  const [isFollowing, setFollowing] = useState(true);
  const [picked, setPicked] = useState<number | null>(null);
  const moments = useMemo(() => momentsOf(world, list, range), [world, list, range]);
  const counts = useMemo(() => countKinds(moments.list), [moments]);
  const shown = useMemo(() => {
    const wanted = moments.list.filter(({ kind }) => kinds.has(kind));
    return sortMoments(wanted, sorting);
  }, [moments, kinds, sorting]);
  const byId = useMemo(() => new Map(shown.map((moment) => [moment.id, moment])), [shown]);
  const ids = useMemo(() => shown.map(({ id }) => id), [shown]);
  const canFollow = live && sorting.column === 'time' && sorting.direction === 'ascending';
  return (
    <div className="moments-pane">
      <fieldset className="moments-kinds">
        <legend className="visually-hidden">What is listed</legend>
        {MOMENT_KINDS.map((kind) => (
          <label key={kind}>
            <input type="checkbox" checked={kinds.has(kind)} onChange={() => setKinds(toggled(kinds, kind))} />
            {KIND_WORDS[kind]} <span className="grid-dim">{formatCount(counts.get(kind) ?? 0)}</span>
          </label>
        ))}
        {moments.leftOut > 0 && (
          <span className="net-lost">{formatCount(moments.leftOut)} older ones are not listed</span>
        )}
      </fieldset>
      {ids.length === 0 ? (
        <EmptyNote
          title="Nothing of that happened in this range."
          note="Connections that were open before the range and stayed open are in the table of flows."
        />
      ) : (
        <Grid
          label="Connections"
          name="moments"
          columns={MOMENT_COLUMNS}
          sorting={sorting}
          onSort={(column) => {
            setSorting(nextMomentSorting(sorting, column));
            setFollowing(true);
          }}
          ids={ids}
          active={picked}
          onActive={(id) => {
            setPicked(id);
            setFollowing(false);
          }}
          onHold={nothing}
          onKey={(event, id) => {
            const moment = id === null ? undefined : byId.get(id);
            if (!moment || event.ctrlKey || event.altKey || event.metaKey) return;
            const { process } = world.owner(moment.place);
            if (event.key === 'c') props.copyText(momentText(world, moment, wallOffsetMs));
            else if (event.key === 'p' && process !== 0) props.onProcess(process);
            else if (event.key === 'g' && process !== 0) props.onOther(process);
          }}
          follow={canFollow ? { isOn: isFollowing, onChange: setFollowing } : undefined}
          renderCells={(id) => {
            const moment = byId.get(id);
            return moment ? <MomentCells {...{ world, moment, wallOffsetMs }} /> : null;
          }}
        />
      )}
      {canFollow && !isFollowing && (
        <div className="moments-follow">
          <Button onClick={() => setFollowing(true)}>Follow the newest ↓</Button>
        </div>
      )}
    </div>
  );
}

const nothing = () => undefined;

function toggled(kinds: ReadonlySet<MomentKind>, kind: MomentKind): ReadonlySet<MomentKind> {
  const next = new Set(kinds);
  if (!next.delete(kind)) next.add(kind);
  return next;
}

function countKinds(list: readonly Moment[]): ReadonlyMap<MomentKind, number> {
  const counts = new Map<MomentKind, number>();
  for (const { kind } of list) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

interface MomentCellsProps {
  readonly world: FlowWorld;
  readonly moment: Moment;
  readonly wallOffsetMs: number | null;
}

function MomentCells({ world, moment, wallOffsetMs }: MomentCellsProps) {
  const { kind, place } = moment;
  const { protocol, local, remote } = world.text(place);
  const owner = world.owner(place);
  const detail = detailText(world, moment);
  const name = world.remoteName(place);
  return (
    <>
      <div role="gridcell" className="grid-text grid-dim">
        {timeText(moment, wallOffsetMs)}
      </div>
      <div role="gridcell" className={`grid-text moments-${kind}`}>
        {KIND_WORDS[kind]}
      </div>
      <div role="gridcell" className="flows-process grid-text" title={ownerText(owner)}>
        {owner.name}
        {owner.container !== '' && <span className="grid-dim"> · {owner.container}</span>}
      </div>
      <div role="gridcell" className="grid-text" title={local}>
        {kind === 'listen' ? `${protocol} ${local}` : local}
      </div>
      <div role="gridcell" className="grid-text" title={remote}>
        {remote}
      </div>
      <div role="gridcell" className="grid-text" title={name}>
        {name}
      </div>
      <div role="gridcell" className="grid-number">
        {durationText(moment)}
      </div>
      <div
        role="gridcell"
        className={kind === 'fail' || kind === 'reset' ? 'grid-text flows-failed' : 'grid-text grid-dim'}
        title={detail}
      >
        {detail}
      </div>
    </>
  );
}

/** Since when a socket listens that was there before anybody watched is not known. */
function timeText({ atNs }: Moment, wallOffsetMs: number | null): string {
  return atNs === 0 ? 'before' : formatDeviceInstant(atNs, wallOffsetMs);
}

function momentText(world: FlowWorld, moment: Moment, wallOffsetMs: number | null): string {
  const { protocol, local, remote } = world.text(moment.place);
  const time = timeText(moment, wallOffsetMs);
  const ends = remote === '' ? local : `${local} ${remote}`;
  const words = [time, KIND_WORDS[moment.kind], protocol, ends, world.owner(moment.place).name];
  return [...words, detailText(world, moment)].join(' ').trim();
}
