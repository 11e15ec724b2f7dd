import { errnoName } from '../../../remote-agent/protocol/syscalls/index.ts';
import { type ConnectionTimes, tcpStateName } from '../../../remote-agent/protocol/network/index.ts';
import type { FlowDef } from '../../../remote-agent/protocol/signal.ts';
import type { Tables } from '../../store/model.ts';
import { type FieldName, type FlowEnd, type FlowSubject, PROTOCOL_WORDS } from './filter/index.ts';
import { type AddressNames, endOf, type FlowText, type FlowTexts, type Owner, Owners } from './flow-names.ts';
import type { FlowTotals } from './flow-totals.ts';

/** The flows of a range with all that is known of each, by place. What a table shows and what a filter asks. */
export class FlowWorld implements FlowSubject {
  readonly totals: FlowTotals;
  /** When the range ends: what is open is so old then. */
  readonly toNs: number;
  readonly #tables: Tables;
  readonly #texts: FlowTexts;
  readonly #names: AddressNames;
  readonly #owners: Owners;

  constructor(totals: FlowTotals, tables: Tables, texts: FlowTexts, names: AddressNames, toNs: number) {
    this.totals = totals;
    this.toNs = toNs;
    this.#tables = tables;
    this.#texts = texts;
    this.#names = names;
    this.#owners = new Owners(tables);
  }

  def(place: number): FlowDef | undefined {
    return this.#tables.flows.get(this.totals.flow[place]!);
  }

  text(place: number): FlowText {
    return this.#texts.of(this.totals.flow[place]!, this.#tables.flows);
  }

  owner(place: number): Owner {
    return this.#owners.of(this.totals.thread[place]!);
  }

  /** '' = none is known. */
  nameOf(address: string): string {
    return address === '' ? '' : this.#names(address);
  }

  remoteName(place: number): string {
    return this.nameOf(this.text(place).remoteAddress);
  }

  isClosed(place: number): boolean {
    return this.totals.closedNs[place]! > 0;
  }

  /** Of Sonde itself: what looks at a box is not what one looks for. */
  isOwn(place: number): boolean {
    return this.totals.isOwn[place] === 1 || this.def(place)?.isOwn === true;
  }

  stateName(place: number): string {
    return this.isClosed(place) ? 'closed' : tcpStateName(this.totals.state[place]!);
  }

  /** How long it was open when it ended or the range did; at least that where it is older than the probe. */
  ageNs(place: number): number {
    const { closedNs, firstSeenNs } = this.totals;
    const begun = this.def(place)?.openedNs || firstSeenNs[place]!;
    return Math.max(0, (closedNs[place]! || this.toNs) - begun);
  }

  times(place: number): ConnectionTimes {
    const { connectNs, closingNs, closedNs } = this.totals;
    return {
      openedNs: this.def(place)?.openedNs ?? 0,
      connectNs: connectNs[place]!,
      closingNs: closingNs[place]!,
      closedNs: closedNs[place]!,
    };
  }

  numbers(field: FieldName): readonly ((place: number) => number)[] {
    const { totals } = this;
    const known = (values: Float64Array) => (place: number) => values[place]! || Number.NaN;
    const local = (place: number) => this.def(place)?.localPort ?? Number.NaN;
    const remote = (place: number) => this.def(place)?.remotePort ?? Number.NaN;
    switch (field) {
      case 'port':
        return [local, remote];
      case 'lport':
        return [local];
      case 'rport':
        return [remote];
      // The side that opened a flow is its source, also of each packet that comes back.
      case 'sport':
        return [(place) => (this.#isIncoming(place) ? remote(place) : local(place))];
      case 'dport':
        return [(place) => (this.#isIncoming(place) ? local(place) : remote(place))];
      case 'bytes':
        return [(place) => totals.sent[place]! + totals.received[place]!];
      case 'sent':
        return [(place) => totals.sent[place]!];
      case 'received':
        return [(place) => totals.received[place]!];
      case 'packets':
        return [(place) => totals.packetsSent[place]! + totals.packetsReceived[place]!];
      case 'retrans':
        return [(place) => totals.retransmits[place]!];
      case 'ooo':
        return [(place) => totals.outOfOrder[place]!];
      case 'zerowin':
        return [(place) => totals.zeroWindows[place]!];
      case 'resets':
        return [(place) => totals.resets[place]!];
      case 'rtt':
        return [known(totals.rttNs)];
      case 'jitter':
        return [known(totals.jitterNs)];
      case 'connect':
        return [known(totals.connectNs)];
      case 'closing':
        return [known(totals.closingNs)];
      case 'closewait':
        return [known(totals.closeWaitNs)];
      case 'age':
        return [(place) => this.ageNs(place)];
      default:
        return [];
    }
  }

  words(field: FieldName): (place: number) => readonly string[] {
    switch (field) {
      case 'proto':
        return (place) => [protocolWord(this.text(place).protocol)];
      case 'dir':
        return (place) => [this.def(place)?.direction ?? 'unknown'];
      case 'state':
        return (place) => (this.isClosed(place) ? ['closed'] : [this.stateName(place), 'open']);
      case 'closed':
        return (place) => [this.isClosed(place) ? 'yes' : 'no'];
      default:
        return () => [];
    }
  }

  texts(field: FieldName | null): (place: number) => readonly string[] {
    switch (field) {
      case 'proc':
        return (place) => [this.owner(place).name];
      case 'container':
        return (place) => this.#containerTexts(place);
      case 'name':
        return (place) => [this.remoteName(place)];
      case 'error':
        return (place) => this.#errorTexts(place);
      case null:
        return (place) => this.#allTexts(place);
      default:
        return () => [];
    }
  }

  ends(field: FieldName): (place: number) => readonly FlowEnd[] {
    switch (field) {
      case 'local':
        return (place) => [this.#localEnd(place)];
      case 'remote':
        return (place) => [this.#remoteEnd(place)];
      default:
        return (place) => [this.#localEnd(place), this.#remoteEnd(place)];
    }
  }

  /** The other end calls this one, or may do so. */
  #isIncoming(place: number): boolean {
    const direction = this.def(place)?.direction;
    return direction === 'in' || direction === 'listening';
  }

  #localEnd(place: number): FlowEnd {
    const { localAddress, localBytes } = this.text(place);
    return endOf(localAddress, localBytes, this.#names);
  }

  #remoteEnd(place: number): FlowEnd {
    const { remoteAddress, remoteBytes } = this.text(place);
    return endOf(remoteAddress, remoteBytes, this.#names);
  }

  #errorTexts(place: number): readonly string[] {
    const errno = this.totals.errno[place]!;
    return errno === 0 ? [] : [errnoName(errno)];
  }

  /** A container is found by its name and by its id. */
  #containerTexts(place: number): readonly string[] {
    const { container, containerId } = this.owner(place);
    if (container === '') return ['host'];
    return containerId === '' ? [container] : [container, containerId];
  }

  #allTexts(place: number): readonly string[] {
    const { protocol, local, remote } = this.text(place);
    const { name, container, containerId } = this.owner(place);
    const names = [this.remoteName(place), this.stateName(place), ...this.#errorTexts(place)];
    return [name, container, containerId, protocol, local, remote, ...names];
  }
}

function protocolWord(protocol: string): string {
  return PROTOCOL_WORDS.some((word) => word === protocol) ? protocol : 'other';
}
