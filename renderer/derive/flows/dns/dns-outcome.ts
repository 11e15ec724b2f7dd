import type { DnsExchange } from '../../../../remote-agent/protocol/network/dns/index.ts';

export type DnsOutcome = 'answered' | 'failed' | 'waiting' | 'unanswered';

/** Resolvers give a server this long before they ask again or elsewhere (resolv.conf's own default). */
const PATIENCE_NS = 5e9;

/** `nowNs`: up to when anybody watched. */
export function dnsOutcome({ answer, askedNs, isMulticast }: DnsExchange, nowNs: number): DnsOutcome {
  if (answer) return answer.code === 0 ? 'answered' : 'failed';
  return !isMulticast && nowNs - askedNs > PATIENCE_NS ? 'unanswered' : 'waiting';
}
