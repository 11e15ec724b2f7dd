/**
 * DNS messages of a recording as questions with their answers, each once, as soon as it is answered or nobody waits for
 * it any more. Names that addresses have by the answers are learnt on the way.
 */
import {
  addressNames,
  type DnsExchange,
  DnsExchanges,
  type DnsMessage,
  type FlowDef,
  isMulticastDns,
  parseDns,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import type { AddressNames } from '../address-names.ts';
import type { Tables } from '../tables.ts';
import { WindowReader } from '../window-reader.ts';

export const DNS_PROBE = 'dns';
/** Resolvers ask again or elsewhere after 5 s; most programs have given up after 30. */
const PATIENCE_NS = 30e9;

/** A question with its answer, or a message without the other. */
export interface DnsRow {
  readonly flow: FlowDef | undefined;
  /** In the tables of the recording; 0 = not known. */
  readonly thread: number;
  readonly atNs: number;
  /** null: an answer that nobody is known to have asked for, or what is no DNS. */
  readonly exchange: DnsExchange | null;
  /** The answer; null = there is none, or it is no DNS. */
  readonly message: DnsMessage | null;
}

export class DnsBook {
  private readonly tables: Tables;
  private readonly names: AddressNames;
  private exchanges = new DnsExchanges();
  /** In the order in which they were asked. */
  private waiting = new Map<DnsExchange, FlowDef | undefined>();

  constructor(tables: Tables, names: AddressNames) {
    this.tables = tables;
    this.names = names;
  }

  take(window: WindowSignal): DnsRow[] {
    const reader = new WindowReader(window);
    // The CPUs of the box hand theirs over one after the other.
    const rows = Array.from({ length: window.rows }, (_, row) => row).sort(
      (a, b) => reader.number('at', a) - reader.number('at', b) || a - b,
    );
    const settled = rows.flatMap((row) => this.row(reader, row) ?? []);
    return [...settled, ...this.giveUp(window.toNs - PATIENCE_NS)];
  }

  /** What was waited for when the recording, or an agent's run in it, ended. */
  finish(): DnsRow[] {
    const left = this.giveUp(Number.POSITIVE_INFINITY);
    this.exchanges = new DnsExchanges();
    return left;
  }

  private row(reader: WindowReader, row: number): DnsRow | null {
    const { tables } = this;
    const id = tables.flow(reader.number('flow', row));
    const flow = tables.flows.get(id);
    const [thread, atNs] = [tables.thread(reader.number('thread', row)), reader.number('at', row)];
    const isIncoming = reader.number('incoming', row) > 0;
    const isMulticast = flow !== undefined && isMulticastDns(flow.localPort, flow.remotePort);
    const message = parseDns(reader.bytes('message', row), reader.number('size', row));
    const exchange = message && this.exchanges.add({ flow: id, thread, atNs, isIncoming, isMulticast, message });
    this.exchanges.all.length = 0;
    if (!exchange) return { flow, thread, atNs, exchange: null, message };
    if (exchange.answer !== message) {
      if (!this.waiting.has(exchange)) this.waiting.set(exchange, flow);
      return null;
    }
    this.waiting.delete(exchange);
    for (const named of addressNames(message)) this.names.add(named);
    return { flow, thread: exchange.thread, atNs: exchange.askedNs, exchange, message };
  }

  /** Those that were asked before. */
  private giveUp(beforeNs: number): DnsRow[] {
    const rows: DnsRow[] = [];
    for (const [exchange, flow] of this.waiting) {
      if (exchange.askedNs >= beforeNs) break;
      this.waiting.delete(exchange);
      rows.push({ flow, thread: exchange.thread, atNs: exchange.askedNs, exchange, message: null });
    }
    this.exchanges.giveUp(beforeNs);
    return rows;
  }
}
