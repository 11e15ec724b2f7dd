/** What became of a question. */
import { dnsCodeName, type DnsMessage, dnsTypeName } from '../../../remote-agent/protocol/index.ts';
import type { DnsRow } from './dns-book.ts';

/**
 * answered: whatever the answer. asked-all: over multicast, where nobody has to answer. unasked: an answer that nobody
 * is known to have asked for. unreadable: no DNS.
 */
export type DnsOutcome = 'answered' | 'failed' | 'no-answer' | 'asked-all' | 'unasked' | 'unreadable';

export function dnsOutcome({ exchange, message }: DnsRow): DnsOutcome {
  if (!exchange) return message ? 'unasked' : 'unreadable';
  if (message) return message.code === 0 ? 'answered' : 'failed';
  return exchange.isMulticast ? 'asked-all' : 'no-answer';
}

/** "NOERROR"; '' without an answer. */
export function codeOf({ message }: DnsRow): string {
  return message ? dnsCodeName(message.code) : '';
}

export function questionOf({ exchange, message }: DnsRow): { readonly name: string; readonly type: string } {
  const question = exchange?.question ?? message?.questions[0];
  return question ? { name: question.name, type: dnsTypeName(question.type) } : { name: '', type: '' };
}

/** "A 10.0.0.9, CNAME broker.example." */
export function answersText(message: DnsMessage | null): string {
  return (message?.answers ?? []).map(({ type, data }) => `${dnsTypeName(type)} ${data}`).join(', ');
}
