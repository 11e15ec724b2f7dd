/**
 * Takes: the rows of a probe of DNS messages, and tables.
 * Gives: what was asked and answered, by whom, how fast; and what addresses are called.
 * Never: asks anyone anything, or believes an answer that belongs to no query.
 */
export { DnsBook, type DnsSeenSoFar } from './dns-book.ts';
export { dnsGroups, type DnsGroup, type DnsLine, dnsLines } from './dns-list.ts';
export { type DnsOutcome, dnsOutcome } from './dns-outcome.ts';
