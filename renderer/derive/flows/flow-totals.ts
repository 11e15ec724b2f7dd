import type { Column } from '../../store/model.ts';
import type { WindowSpan } from '../tally.ts';
import type { FlowColumns } from './flow-columns.ts';

/** Every flow of a range once, at a place of its own; what its rows add up to, and what was last known of it. */
export interface FlowTotals {
  readonly count: number;
  /** Id by place; this and all that follows is longer than count. */
  readonly flow: Uint32Array;
  readonly thread: Uint32Array;
  readonly state: Uint32Array;
  /** Beginning of the window in which it came into that state, and of the first in which it was seen. */
  readonly stateSinceNs: Float64Array;
  readonly firstSeenNs: Float64Array;
  readonly sent: Float64Array;
  readonly received: Float64Array;
  readonly packetsSent: Float64Array;
  readonly packetsReceived: Float64Array;
  readonly retransmits: Float64Array;
  readonly outOfOrder: Float64Array;
  readonly zeroWindows: Float64Array;
  readonly resets: Float64Array;
  readonly rttNs: Float64Array;
  readonly rttMinNs: Float64Array;
  readonly jitterNs: Float64Array;
  readonly connectNs: Float64Array;
  readonly closingNs: Float64Array;
  readonly closeWaitNs: Float64Array;
  readonly errno: Uint32Array;
  /** Connects that failed before a packet could leave. Such a flow has one row. */
  readonly tries: Uint32Array;
  readonly closedNs: Float64Array;
  /** 1: of Sonde itself, whatever its definition says. */
  readonly isOwn: Uint8Array;
  /** Place by row of the range, whose first row is number fromRow of the columns. */
  readonly placeOfRow: Uint32Array;
  readonly fromRow: number;
  /** By id; NO_PLACE for those of other ranges. */
  readonly placeOf: Int32Array;
}

export const NO_PLACE = -1;
const FEWEST = 256;

/**
 * Walks all rows of the span, column by column: a maximum or a last value cannot be taken back when a window slides out,
 * and 300,000 rows take some milliseconds. A connection that was open before and has been silent since is there too,
 * with nothing added up: it has no row in the span.
 */
export function totalFlows(columns: FlowColumns, { first, end }: WindowSpan): FlowTotals {
  const fromRow = columns.windowRow[first] ?? 0;
  const toRow = end > first ? columns.windowRow[end]! : fromRow;
  const { flow, placeOf, placeOfRow, active, silent } = placesOf(columns, first, fromRow, toRow);
  const walk = { placeOfRow, fromRow, count: active + silent.length };
  const wide = () => new Float64Array(walk.count);
  const totals = {
    count: walk.count,
    flow,
    placeOf,
    placeOfRow,
    fromRow,
    thread: lastOf(columns.thread, walk, new Uint32Array(walk.count)),
    ...statesOf(columns, { first, end }, walk),
    sent: sumOf(columns.sent, walk),
    received: sumOf(columns.received, walk),
    packetsSent: sumOf(columns.packetsSent, walk),
    packetsReceived: sumOf(columns.packetsReceived, walk),
    retransmits: sumOf(columns.retransmits, walk),
    outOfOrder: sumOf(columns.outOfOrder, walk),
    zeroWindows: sumOf(columns.zeroWindows, walk),
    resets: sumOf(columns.resets, walk),
    rttNs: lastOf(columns.rttNs, walk, wide()),
    rttMinNs: leastOf(columns.rttMinNs, walk),
    jitterNs: lastOf(columns.jitterNs, walk, wide()),
    connectNs: mostOf(columns.connectNs, walk, wide()),
    closingNs: mostOf(columns.closingNs, walk, wide()),
    closeWaitNs: mostOf(columns.closeWaitNs, walk, wide()),
    errno: mostOf(columns.errno, walk, new Uint32Array(walk.count)),
    closedNs: mostOf(columns.closedNs, walk, wide()),
    tries: mostOf(columns.tries, walk, new Uint32Array(walk.count)),
    isOwn: ownOf(columns, placeOf, walk.count),
  };
  for (const [at, row] of silent.entries()) fillSilent(totals, columns, active + at, row);
  return totals;
}

/** That may have been told before the range or after it: it holds for all of a flow. */
function ownOf({ flow, own, windowRow, windowCount }: FlowColumns, placeOf: Int32Array, count: number): Uint8Array {
  const isOwn = new Uint8Array(count);
  const rows = Math.min(windowRow[windowCount] ?? 0, own.length);
  for (let row = 0; row < rows; row++) {
    if (own[row] === 0) continue;
    const place = placeOf[flow[row]!] ?? NO_PLACE;
    if (place !== NO_PLACE) isOwn[place] = 1;
  }
  return isOwn;
}

/** What was known of it when it last had a row. */
function fillSilent(totals: FlowTotals, columns: FlowColumns, place: number, row: number): void {
  totals.thread[place] = columns.thread[row]!;
  totals.state[place] = columns.state[row]!;
  totals.rttNs[place] = columns.rttNs[row]!;
  totals.jitterNs[place] = columns.jitterNs[row]!;
  const seenNs = columns.windowFromNs[windowOf(columns, row)]!;
  totals.firstSeenNs[place] = seenNs;
  totals.stateSinceNs[place] = seenNs;
}

/** The window a row lies in. */
function windowOf({ windowRow, windowCount }: FlowColumns, row: number): number {
  let [low, high] = [0, windowCount];
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (windowRow[middle]! <= row) low = middle;
    else high = middle;
  }
  return low;
}

type Walk = Pick<FlowTotals, 'placeOfRow' | 'fromRow' | 'count'>;

function placesOf(columns: FlowColumns, first: number, fromRow: number, toRow: number) {
  const ids = columns.flow;
  let highest = 0;
  for (let row = 0; row < toRow; row++) if (ids[row]! > highest) highest = ids[row]!;
  const placeOf = new Int32Array(highest + 1).fill(NO_PLACE);
  const placeOfRow = new Uint32Array(toRow - fromRow);
  let flow = new Uint32Array(FEWEST);
  let active = 0;
  for (let row = fromRow; row < toRow; row++) {
    const id = ids[row]!;
    let place = placeOf[id]!;
    if (place === NO_PLACE) {
      placeOf[id] = place = active++;
      if (place === flow.length) flow = enlarged(flow);
      flow[place] = id;
    }
    placeOfRow[row - fromRow] = place;
  }
  const silent = silentRows(columns, first, fromRow, placeOf);
  for (const [at, row] of silent.entries()) {
    placeOf[ids[row]!] = active + at;
    if (active + at === flow.length) flow = enlarged(flow);
    flow[active + at] = ids[row]!;
  }
  return { flow, placeOf, placeOfRow, active, silent };
}

/** A probe that was away for longer has begun anew, and tells of what is open by itself. */
const AWAY_NS = 5e9;

/** The newest rows of connections that were open before the span and have none in it. Only TCP says when it ends. */
function silentRows(columns: FlowColumns, first: number, fromRow: number, placeOf: Int32Array): number[] {
  const { flow, state, closedNs } = columns;
  const newest = new Int32Array(placeOf.length).fill(-1);
  for (let row = rowAfterGaps(columns, first); row < fromRow; row++)
    newest[flow[row]!] = state[row] === 0 || closedNs[row]! > 0 ? -1 : row;
  const rows: number[] = [];
  for (let id = 0; id < newest.length; id++) if (newest[id]! >= 0 && placeOf[id] === NO_PLACE) rows.push(newest[id]!);
  return rows;
}

function rowAfterGaps({ windowFromNs, windowToNs, windowRow, windowCount }: FlowColumns, first: number): number {
  let row = 0;
  for (let window = 1; window <= first && window < windowCount; window++)
    if (windowFromNs[window]! - windowToNs[window - 1]! > AWAY_NS) row = windowRow[window]!;
  return row;
}

function statesOf({ state, windowRow, windowFromNs }: FlowColumns, { first, end }: WindowSpan, walk: Walk) {
  const { placeOfRow, fromRow, count } = walk;
  const states = new Uint32Array(count);
  const stateSinceNs = new Float64Array(count);
  const firstSeenNs = new Float64Array(count).fill(Number.NaN);
  for (let window = first; window < end; window++) {
    const fromNs = windowFromNs[window]!;
    for (let row = windowRow[window]!; row < windowRow[window + 1]!; row++) {
      const place = placeOfRow[row - fromRow]!;
      if (Number.isNaN(firstSeenNs[place])) firstSeenNs[place] = fromNs;
      if (state[row] === 0 || state[row] === states[place]) continue;
      states[place] = state[row]!;
      stateSinceNs[place] = fromNs;
    }
  }
  return { state: states, stateSinceNs, firstSeenNs };
}

function sumOf(column: Column, { placeOfRow, fromRow, count }: Walk): Float64Array {
  const sums = new Float64Array(count);
  for (let at = 0; at < placeOfRow.length; at++) {
    const place = placeOfRow[at]!;
    sums[place] = sums[place]! + column[fromRow + at]!;
  }
  return sums;
}

/** Rows come in the order of time; 0 means nothing. */
function lastOf<Values extends Column>(column: Column, { placeOfRow, fromRow }: Walk, values: Values): Values {
  for (let at = 0; at < placeOfRow.length; at++) {
    const value = column[fromRow + at]!;
    if (value !== 0) values[placeOfRow[at]!] = value;
  }
  return values;
}

function mostOf<Values extends Column>(column: Column, { placeOfRow, fromRow }: Walk, values: Values): Values {
  for (let at = 0; at < placeOfRow.length; at++) {
    const place = placeOfRow[at]!;
    const value = column[fromRow + at]!;
    if (value > values[place]!) values[place] = value;
  }
  return values;
}

/** 0 means nothing. */
function leastOf(column: Column, { placeOfRow, fromRow, count }: Walk): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0; at < placeOfRow.length; at++) {
    const place = placeOfRow[at]!;
    const value = column[fromRow + at]!;
    if (value !== 0 && (values[place] === 0 || value < values[place]!)) values[place] = value;
  }
  return values;
}

function enlarged(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
