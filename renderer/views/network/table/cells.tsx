import { errnoMeaning, errnoName } from '../../../../remote-agent/protocol/syscalls/index.ts';
import { type FlowWorld, ownerText } from '../../../derive/flows/index.ts';
import { formatBytes, formatBytesPerSecond, formatCount, formatDuration, formatNs } from '../../../widgets/format.ts';
import { type Column, isText, numberOf, textOf } from './columns.ts';

export interface CellsProps {
  readonly world: FlowWorld;
  readonly place: number;
  readonly columns: readonly Column[];
  readonly seconds: number;
}

/** The cells of one flow. */
export function Cells({ world, place, columns, seconds }: CellsProps) {
  return columns.map((column) =>
    isText(column) ? (
      <TextCell key={column} {...{ world, place, column }} />
    ) : (
      <NumberCell key={column} {...{ world, place, column, seconds }} />
    ),
  );
}

interface CellProps {
  readonly world: FlowWorld;
  readonly place: number;
  readonly column: Column;
}

function TextCell({ world, place, column }: CellProps) {
  const text = textOf(world, place, column);
  const isClosed = world.isClosed(place);
  const look = `flows-${column} grid-text${isClosed ? ' grid-dim' : ''}`;
  if (column === 'process') return <ProcessCell {...{ world, place, look, text }} />;
  if (column === 'state') return <StateCell {...{ world, place, look, text }} />;
  return (
    <div role="gridcell" className={look} title={text}>
      {text}
    </div>
  );
}

interface LookProps {
  readonly world: FlowWorld;
  readonly place: number;
  readonly look: string;
  readonly text: string;
}

function ProcessCell({ world, place, look, text }: LookProps) {
  const owner = world.owner(place);
  const isOwn = world.isOwn(place);
  return (
    <div role="gridcell" className={look} title={ownerText(owner)}>
      {isOwn && <span className="flows-own">Sonde</span>}
      {text}
      {owner.container !== '' && <span className="grid-dim"> · {owner.container}</span>}
    </div>
  );
}

function StateCell({ world, place, look, text }: LookProps) {
  const errno = world.totals.errno[place]!;
  if (errno !== 0) {
    return (
      <div role="gridcell" className={look} title={`${text}: ${errnoName(errno)}, ${errnoMeaning(errno)}`}>
        <span className="flows-failed">{errnoName(errno)}</span>
      </div>
    );
  }
  return (
    <div role="gridcell" className={look} title={text}>
      {text}
    </div>
  );
}

function NumberCell({ world, place, column, seconds }: CellProps & { readonly seconds: number }) {
  const value = numberOf(world, place, column);
  const isZero = value === 0 || Number.isNaN(value);
  return (
    <div
      role="gridcell"
      className={`flows-${column} grid-number${isZero || world.isClosed(place) ? ' grid-dim' : ''}`}
      title={column === 'retransmits' && value > 0 ? retransmitText(world, place) : undefined}
    >
      {isTrouble(column) && value > 0 ? (
        <span className="flows-failed">{formatCount(value)}</span>
      ) : (
        numberText(world, place, column, value, seconds)
      )}
    </div>
  );
}

function isTrouble(column: Column): boolean {
  return column === 'retransmits' || column === 'resets' || column === 'zero-windows';
}

function retransmitText({ totals }: FlowWorld, place: number): string {
  const [again, packets] = [totals.retransmits[place]!, totals.packetsSent[place]!];
  return `${formatCount(again)} of ${formatCount(packets)} segments`;
}

function numberText(world: FlowWorld, place: number, column: Column, value: number, seconds: number): string {
  switch (column) {
    case 'age':
      return `${world.def(place)?.openedNs ? '' : '> '}${formatDuration(value / 1e9)}`;
    case 'sent':
    case 'received':
      return value === 0 ? '0' : formatBytes(value);
    case 'sent-rate':
    case 'received-rate':
      return value === 0 ? '0' : formatBytesPerSecond(value / seconds);
    case 'rtt':
    case 'rtt-min':
    case 'jitter':
    case 'connect':
    case 'closing':
    case 'close-wait':
      return Number.isNaN(value) ? '–' : formatNs(value);
    default:
      return formatCount(value);
  }
}
