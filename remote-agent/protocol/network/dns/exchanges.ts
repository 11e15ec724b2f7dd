/**
 * Which answer belongs to which query, and how long it took. Over unicast an answer comes back in the flow of its query,
 * under its number, about its question. Over multicast (mDNS, LLMNR) anyone answers from an address of his own: there it
 * is the same program and the same question.
 */
import { dnsNameKey } from './address-names.ts';
import type { DnsMessage, DnsQuestion } from './message.ts';

/** Queries that are waited for at once. Of more, those that wait longest count as never answered. */
const MAX_OPEN = 65536;
const MULTICAST_PORTS = [5353, 5355];
const NO_QUESTION: DnsQuestion = { name: '', type: 0 };

/** A message as a socket of the box sent it or got it. */
export interface DnsSeen {
  readonly flow: number;
  readonly thread: number;
  readonly atNs: number;
  /** It came in. */
  readonly isIncoming: boolean;
  readonly isMulticast: boolean;
  readonly message: DnsMessage;
}

export interface DnsExchange {
  readonly flow: number;
  readonly thread: number;
  /** The box is the one that was asked. */
  readonly isServed: boolean;
  /** Nobody has to answer. */
  readonly isMulticast: boolean;
  readonly question: DnsQuestion;
  /** The first time, where it was asked again. */
  readonly askedNs: number;
  readonly tries: number;
  /** null: none, up to now. */
  readonly answer: DnsMessage | null;
  /** From the first try to the answer; null without one. */
  readonly latencyNs: number | null;
}

/** Of a flow's two ports: whether DNS over multicast is what it is for. */
export function isMulticastDns(localPort: number, remotePort: number): boolean {
  return MULTICAST_PORTS.includes(localPort) || MULTICAST_PORTS.includes(remotePort);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Open {
  readonly key: string;
  readonly exchange: Mutable<DnsExchange>;
}

/** Given messages in the order of time, keeps the exchanges up to date. */
export class DnsExchanges {
  /** In the order in which they were begun. */
  readonly all: DnsExchange[] = [];
  private readonly open = new Map<string, Open>();

  /** The exchange that the message began, went on with or ended; null: it is an answer that nobody is known to wait for. */
  add(seen: DnsSeen): DnsExchange | null {
    return seen.message.isResponse ? this.answer(seen) : this.ask(seen);
  }

  /** Those asked before then are waited for no longer: whoever asks the same again begins anew. */
  giveUp(beforeNs: number): void {
    for (const [key, { exchange }] of this.open) if (exchange.askedNs < beforeNs) this.open.delete(key);
  }

  private ask(seen: DnsSeen): DnsExchange | null {
    const [question] = seen.message.questions;
    if (!question) return null;
    const key = keyOf(seen, !seen.isIncoming, question);
    const before = this.open.get(key)?.exchange;
    if (before && isSame(before.question, question)) {
      before.tries += 1;
      return before;
    }
    const exchange: DnsExchange = {
      flow: seen.flow,
      thread: seen.thread,
      isServed: seen.isIncoming,
      isMulticast: seen.isMulticast,
      question,
      askedNs: seen.atNs,
      tries: 1,
      answer: null,
      latencyNs: null,
    };
    this.all.push(exchange);
    this.wait({ exchange, key });
    return exchange;
  }

  private wait(open: Open): void {
    this.open.set(open.key, open);
    if (this.open.size <= MAX_OPEN) return;
    const [longest] = this.open.keys();
    if (longest !== undefined) this.open.delete(longest);
  }

  private answer(seen: DnsSeen): DnsExchange | null {
    const open = this.findOpen(seen);
    if (!open) return null;
    this.open.delete(open.key);
    open.exchange.answer = seen.message;
    open.exchange.latencyNs = Math.max(0, seen.atNs - open.exchange.askedNs);
    return open.exchange;
  }

  private findOpen(seen: DnsSeen): Open | undefined {
    const { questions, answers } = seen.message;
    // What is asked over multicast is answered without repeating the question. Nor does a server repeat it that could
    // not read it.
    const about = questions.length > 0 || !seen.isMulticast ? questions : answers;
    if (about.length === 0) return this.open.get(keyOf(seen, seen.isIncoming, NO_QUESTION));
    for (const question of about) {
      const open = this.open.get(keyOf(seen, seen.isIncoming, question));
      if (open && isSame(open.exchange.question, question)) return open;
    }
    return undefined;
  }
}

/** @param isOurs the box asked */
function keyOf(seen: DnsSeen, isOurs: boolean, question: DnsQuestion): string {
  return seen.isMulticast
    ? `${seen.thread} ${isOurs} ${question.type} ${dnsNameKey(question.name)}`
    : `${seen.flow} ${isOurs} ${seen.message.id}`;
}

function isSame(a: DnsQuestion, b: DnsQuestion): boolean {
  return a.type === b.type && dnsNameKey(a.name) === dnsNameKey(b.name);
}
