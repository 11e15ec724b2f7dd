import { raise } from '../../remote-agent/protocol/fault.ts';
import type { FlowDef, FlowDirection } from '../../remote-agent/protocol/signal.ts';
import { withRoom } from './growable.ts';
import type { Column } from './model.ts';

/** Flows by id. Made when it is asked for: of a long session there are hundreds of thousands. */
export interface Flows {
  /** undefined: it was forgotten, as all its rows were, or its definition was lost. */
  get(id: number): FlowDef | undefined;
}

const FIRST_FLOWS = 1024;
const DIRECTIONS: readonly FlowDirection[] = ['unknown', 'out', 'in', 'listening'];
const FAMILIES = [0, 4, 6] as const;
const OTHERS = 1;
const OWN = 2;
/** So many are kept whatever became of their rows: looking for what can go has a cost too. */
const SWEEP_FROM = 1 << 16;
const SWEEP_GROWTH = 1.5;

/** 32 bytes a flow, and each address once. Ids rise, with holes where flows were forgotten or lost. */
export class FlowTable implements Flows {
  #count = 0;
  #ids = new Uint32Array(FIRST_FLOWS);
  /** protocol | direction << 8 | family index << 10 | flags << 12 */
  #kinds = new Uint32Array(FIRST_FLOWS);
  /** local << 16 | remote, unsigned. */
  #ports = new Uint32Array(FIRST_FLOWS);
  #locals = new Uint32Array(FIRST_FLOWS);
  #remotes = new Uint32Array(FIRST_FLOWS);
  /** Places in #numbers: namespaces are few, their numbers wide. */
  #netns = new Uint32Array(FIRST_FLOWS);
  #openedNs = new Float64Array(FIRST_FLOWS);
  #addresses = new Values('');
  #namespaces = new Values(0);
  #sweepAt = SWEEP_FROM;

  get count(): number {
    return this.#count;
  }

  /** There are so many that it is worth a look which of them have rows left. */
  get isSweepDue(): boolean {
    return this.#count >= this.#sweepAt;
  }

  add(flows: readonly FlowDef[]): void {
    this.#reserve(this.#count + flows.length);
    for (const flow of flows) this.#append(flow);
  }

  get(id: number): FlowDef | undefined {
    const at = this.#placeOf(id);
    if (this.#ids[at] !== id || at >= this.#count) return undefined;
    const kind = this.#kinds[at]!;
    const ports = this.#ports[at]!;
    return {
      id,
      protocol: kind & 0xff,
      direction: DIRECTIONS[(kind >> 8) & 3] ?? 'unknown',
      family: FAMILIES[(kind >> 10) & 3] ?? 0,
      localAddress: this.#addresses.of(this.#locals[at]!),
      localPort: ports >>> 16,
      remoteAddress: this.#addresses.of(this.#remotes[at]!),
      remotePort: ports & 0xffff,
      netns: this.#namespaces.of(this.#netns[at]!),
      openedNs: this.#openedNs[at]!,
      isOthers: ((kind >> 12) & OTHERS) !== 0,
      isOwn: ((kind >> 12) & OWN) !== 0,
    };
  }

  /** Forgets what no row tells of. What is newer than all rows stays: its first row is still to come. */
  sweep(rows: readonly Column[]): void {
    const isUsed = new Uint8Array(this.#count);
    let highest = -1;
    for (const ids of rows) {
      let at = -1;
      for (const id of ids) {
        // Neighbours in a window have ids that follow one another.
        at = this.#ids[at + 1] === id && at + 1 < this.#count ? at + 1 : this.#placeOf(id);
        if (at >= this.#count || this.#ids[at] !== id) continue;
        isUsed[at] = 1;
        if (at > highest) highest = at;
      }
    }
    this.#keep(isUsed.fill(1, highest + 1));
    this.#sweepAt = Math.max(SWEEP_FROM, Math.ceil(this.#count * SWEEP_GROWTH));
  }

  #append(flow: FlowDef): void {
    const at = this.#count;
    if (at > 0 && flow.id <= this.#ids[at - 1]!)
      raise('out-of-sync', `cannot use the device's tables: flow ${flow.id} comes after ${this.#ids[at - 1]}`);
    const flags = (flow.isOthers ? OTHERS : 0) + (flow.isOwn ? OWN : 0);
    this.#ids[at] = flow.id;
    this.#kinds[at] =
      flow.protocol | (DIRECTIONS.indexOf(flow.direction) << 8) | (FAMILIES.indexOf(flow.family) << 10) | (flags << 12);
    this.#ports[at] = flow.localPort * 0x1_0000 + flow.remotePort;
    this.#locals[at] = this.#addresses.place(flow.localAddress);
    this.#remotes[at] = this.#addresses.place(flow.remoteAddress);
    this.#netns[at] = this.#namespaces.place(flow.netns);
    this.#openedNs[at] = flow.openedNs;
    this.#count = at + 1;
  }

  /** Of the id, or where it would be. */
  #placeOf(id: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ids[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #keep(isKept: Uint8Array): void {
    let count = 0;
    for (let at = 0; at < isKept.length; at++) if (isKept[at] === 1) this.#move(at, count++);
    this.#count = count;
    this.#addresses = this.#addresses.renewed([this.#locals, this.#remotes], count);
    this.#namespaces = this.#namespaces.renewed([this.#netns], count);
  }

  #move(from: number, to: number): void {
    this.#ids[to] = this.#ids[from]!;
    this.#kinds[to] = this.#kinds[from]!;
    this.#ports[to] = this.#ports[from]!;
    this.#locals[to] = this.#locals[from]!;
    this.#remotes[to] = this.#remotes[from]!;
    this.#netns[to] = this.#netns[from]!;
    this.#openedNs[to] = this.#openedNs[from]!;
  }

  #reserve(count: number): void {
    this.#ids = withRoom(this.#ids, count);
    this.#kinds = withRoom(this.#kinds, count);
    this.#ports = withRoom(this.#ports, count);
    this.#locals = withRoom(this.#locals, count);
    this.#remotes = withRoom(this.#remotes, count);
    this.#netns = withRoom(this.#netns, count);
    this.#openedNs = withRoom(this.#openedNs, count);
  }
}

/** Each different value once, by number; the first is that of none. */
class Values<Value> {
  readonly #none: Value;
  readonly #values: Value[];
  readonly #places: Map<Value, number>;

  constructor(none: Value) {
    this.#none = none;
    this.#values = [none];
    this.#places = new Map([[none, 0]]);
  }

  /** With those alone that the columns still name; the columns are changed to the new places. */
  renewed(columns: readonly Uint32Array[], count: number): Values<Value> {
    const renewed = new Values(this.#none);
    const places = new Uint32Array(this.#values.length);
    for (const column of columns)
      for (let at = 0; at < count; at++) {
        const old = column[at]!;
        if (old !== 0) column[at] = places[old] ||= renewed.place(this.of(old));
      }
    return renewed;
  }

  of(place: number): Value {
    return this.#values[place]!;
  }

  place(value: Value): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.#values.push(value) - 1;
      this.#places.set(value, place);
    }
    return place;
  }
}
