import type { FlowDef } from '../../../remote-agent/protocol/signal.ts';
import { parseAddress } from '../../../remote-agent/protocol/address.ts';
import { protocolName } from '../../../remote-agent/protocol/network/index.ts';
import type { Tables } from '../../store/model.ts';
import { type ContainerNaming, containerNaming, containerText, processName, processOf } from '../owners.ts';
import type { FlowEnd } from './filter/index.ts';

/** What both ends of a flow are called. Made once per flow: it never changes. */
export interface FlowText {
  /** undefined: nothing is known of it but its rows. */
  readonly def: FlowDef | undefined;
  readonly protocol: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** With the port. */
  readonly local: string;
  readonly remote: string;
  readonly localBytes: Uint8Array;
  readonly remoteBytes: Uint8Array;
}

/** What an address is called by the box itself; '' = nothing known. */
export type AddressNames = (address: string) => string;

type Flows = Tables['flows'];

const NO_BYTES = new Uint8Array(0);
/** More than any range holds; then they are made anew. */
const MOST_KEPT = 200_000;

/** Flows and their texts, by id: made when they are first asked for. */
export class FlowTexts {
  readonly #known = new Map<number, FlowText>();

  of(id: number, flows: Flows): FlowText {
    const known = this.#known.get(id);
    if (known) return known;
    const def = flows.get(id);
    if (!def) return UNKNOWN;
    if (this.#known.size > MOST_KEPT) this.#known.clear();
    const text = textOf(def);
    this.#known.set(id, text);
    return text;
  }
}

const UNKNOWN: FlowText = {
  def: undefined,
  protocol: '',
  localAddress: '',
  remoteAddress: '',
  local: 'unknown flow',
  remote: '',
  localBytes: NO_BYTES,
  remoteBytes: NO_BYTES,
};

function textOf(def: FlowDef): FlowText {
  const { localAddress, localPort, remoteAddress, remotePort, direction, isOthers } = def;
  return {
    def,
    protocol: protocolName(def.protocol),
    localAddress,
    remoteAddress,
    local: isOthers ? 'all others' : endText(localAddress, localPort),
    remote: isOthers || direction === 'listening' ? '' : endText(remoteAddress, remotePort),
    localBytes: bytesOf(localAddress),
    remoteBytes: bytesOf(remoteAddress),
  };
}

function bytesOf(address: string): Uint8Array {
  return parseAddress(address) ?? NO_BYTES;
}

/** "10.0.0.5:443", "[fe80::1]:443"; "*:443" where any address will do. */
export function endText(address: string, port: number): string {
  if (address === '') return port === 0 ? '' : `*:${port}`;
  const isAny = address === '0.0.0.0' || address === '::';
  const host = isAny ? '*' : address.includes(':') && port !== 0 ? `[${address}]` : address;
  return port === 0 ? host : `${host}:${port}`;
}

/** Whose a flow is, by its thread. */
export interface Owner extends ContainerNaming {
  /** 0 = not known. */
  readonly process: number;
  /** "mosquitto (412)" */
  readonly name: string;
}

const NOBODY: Owner = { process: 0, name: 'unknown', container: '', containerId: '' };

/** Owners by thread, each looked up once per tables. */
export class Owners {
  readonly #tables: Tables;
  readonly #known = new Map<number, Owner>([[0, NOBODY]]);

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  of(thread: number): Owner {
    let owner = this.#known.get(thread);
    if (!owner) {
      const process = processOf(this.#tables, thread);
      owner = process === 0 ? NOBODY : this.#describe(process);
      this.#known.set(thread, owner);
    }
    return owner;
  }

  #describe(process: number): Owner {
    const { container, containerId } = containerNaming(this.#tables, process);
    return { process, name: processName(this.#tables, process), container, containerId };
  }
}

/** "mosquitto (412), container broker (3f2a9c1d77aa)" */
export function ownerText(owner: Owner): string {
  return owner.container === '' ? owner.name : `${owner.name}, container ${containerText(owner)}`;
}

export function endOf(address: string, bytes: Uint8Array, names: AddressNames): FlowEnd {
  const name = names(address);
  return { bytes, texts: name === '' ? [address] : [address, name] };
}
