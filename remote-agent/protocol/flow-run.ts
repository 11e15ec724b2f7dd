/**
 * New flows as the bytes of a FlowRun message, from the loader's struct wire_flow: decode-flows.ts is the way back. Two
 * thousand come in a second, so lists are typed arrays that stay, and no object is made for any of them.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { IPV4_LENGTH, IPV6_LENGTH } from './address.ts';
import { FLOW_LIST_NAMES, FLOW_LISTS, type FlowList } from './flow-lists.ts';
import { FlowRunSchema } from './generated/sonde_pb.ts';
import { FLOW, FLOW_LISTENING } from './loader.ts';
import { sharedPacker } from './shared-packer.ts';

const TWO_32 = 2 ** 32;
const IPV4 = 4;
const IPV6 = 6;
/** Flows of a second that is not busy. */
const FIRST_CAPACITY = 256;
/** Of one that is; memory for more is given back. */
const MOST_CAPACITY = 4096;

export class FlowRunWriter {
  /** How many wait to be taken. */
  count = 0;
  private first = 0;
  private capacity = FIRST_CAPACITY;
  private lists = emptyLists(FIRST_CAPACITY);
  private addresses = new AddressList();
  private namespaces = new Map<number, number>();
  /** The one that was asked for last, which most flows have, and its place + 1. */
  private lastInode = 0;
  private lastPlace = 0;

  /** Ids follow one another. `at`: word at which the wire_flow begins. */
  add(id: number, words: Uint32Array, at: number): void {
    if (this.count === this.capacity) this.grow();
    if (this.count === 0) this.first = id;
    const { lists, addresses } = this;
    const flow = this.count++;
    const kind = words[at + FLOW.kind / 4] as number;
    const ports = words[at + FLOW.ports / 4] as number;
    const family = kind & 0xff;
    const protocol = (kind >>> 8) & 0xff;
    const direction = (kind >>> 16) & 3;
    const flags = (kind >>> 24) & 3;
    const isListening = direction === FLOW_LISTENING;
    lists.kinds[flow] = direction | (flags << 2) | (protocol << 4);
    lists.localAddresses[flow] = addresses.place(words, at + FLOW.local / 4, family);
    lists.remoteAddresses[flow] = isListening ? 0 : addresses.place(words, at + FLOW.remote / 4, family);
    lists.localPorts[flow] = ports & 0xffff;
    lists.remotePorts[flow] = ports >>> 16;
    lists.netns[flow] = this.namespace(u64(words, at + FLOW.netns / 4));
    lists.opened[flow] = u64(words, at + FLOW.openedNs / 4);
  }

  /** The message, null where nothing came since the last call. */
  take(): Uint8Array | null {
    const { first, count, lists, addresses, namespaces } = this;
    if (count === 0) return null;
    const { field } = FlowRunSchema;
    const writer = new BinaryWriter();
    writer.tag(field.first.number, WireType.Varint).uint32(first);
    writer.tag(field.count.number, WireType.Varint).uint32(count);
    for (const address of addresses.all()) writer.tag(field.addresses.number, WireType.LengthDelimited).bytes(address);
    for (const inode of namespaces.keys()) writer.tag(field.namespaces.number, WireType.Varint).uint64(BigInt(inode));
    const packer = sharedPacker(count);
    for (const name of FLOW_LIST_NAMES) {
      const packed = packer.pack(lists[name], FLOW_LISTS[name]);
      if (packed.length > 0) writer.tag(field[name].number, WireType.LengthDelimited).bytes(packed);
    }
    this.count = 0;
    this.addresses = new AddressList();
    this.namespaces = new Map();
    this.lastInode = 0;
    if (this.capacity > MOST_CAPACITY) this.lists = emptyLists((this.capacity = FIRST_CAPACITY));
    return writer.finish();
  }

  private grow(): void {
    const { lists } = this;
    this.capacity *= 2;
    this.lists = emptyLists(this.capacity);
    for (const name of FLOW_LIST_NAMES) this.lists[name].set(lists[name]);
  }

  /** Its place + 1. */
  private namespace(inode: number): number {
    if (inode === 0) return 0;
    if (inode === this.lastInode) return this.lastPlace;
    let place = this.namespaces.get(inode);
    if (place === undefined) this.namespaces.set(inode, (place = this.namespaces.size + 1));
    this.lastInode = inode;
    this.lastPlace = place;
    return place;
  }
}

function emptyLists(capacity: number): Readonly<Record<FlowList, Float64Array>> {
  const list = () => new Float64Array(capacity);
  return {
    kinds: list(),
    localAddresses: list(),
    remoteAddresses: list(),
    localPorts: list(),
    remotePorts: list(),
    netns: list(),
    opened: list(),
  };
}

/** Network namespaces are small numbers, times beyond 2^53 ns are rounded to 2 ns. */
function u64(words: Uint32Array, at: number): number {
  return (words[at + 1] as number) * TWO_32 + (words[at] as number);
}

/** Each address once. Open addressing over typed arrays. */
class AddressList {
  private count = 0;
  /** Four words each, as in memory. */
  private words = new Uint32Array(4 * 16);
  private families = new Uint8Array(16);
  /** Place + 1; 0 = free. A power of two, at most half full. */
  private slots = new Uint32Array(32);

  /** Place + 1; 0 = a flow without addresses. */
  place(words: Uint32Array, at: number, family: number): number {
    if (family !== IPV4 && family !== IPV6) return 0;
    const mask = this.slots.length - 1;
    const isWide = family === IPV6;
    let hash = Math.imul(words[at] as number, 0x9e3779b1);
    if (isWide) for (let i = 1; i < 4; i++) hash = Math.imul(hash ^ (words[at + i] as number), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let place = this.slots[slot] as number; place !== 0; place = this.slots[slot] as number) {
      if (this.equals(place - 1, words, at, family)) return place;
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = this.append(words, at, family);
    if (this.count * 2 > mask) this.grow();
    return this.count;
  }

  *all(): Generator<Uint8Array> {
    for (let place = 0; place < this.count; place++) {
      const length = this.families[place] === IPV6 ? IPV6_LENGTH : IPV4_LENGTH;
      yield new Uint8Array(this.words.buffer, place * IPV6_LENGTH, length);
    }
  }

  private equals(place: number, words: Uint32Array, at: number, family: number): boolean {
    if (this.families[place] !== family || this.words[place * 4] !== words[at]) return false;
    if (family === IPV4) return true;
    for (let i = 1; i < 4; i++) if (this.words[place * 4 + i] !== words[at + i]) return false;
    return true;
  }

  private append(words: Uint32Array, at: number, family: number): number {
    const place = this.count++;
    this.families[place] = family;
    for (let i = 0; i < 4; i++) this.words[place * 4 + i] = words[at + i] as number;
    return this.count;
  }

  private grow(): void {
    const { words, families, count } = this;
    this.words = new Uint32Array(words.length * 2);
    this.families = new Uint8Array(families.length * 2);
    this.slots = new Uint32Array(this.slots.length * 2);
    this.count = 0;
    for (let place = 0; place < count; place++) this.place(words, place * 4, families[place] as number);
  }
}
