// Takes: DNS messages as bytes, with when, where and which way they went.
// Gives: what they say, which answer belongs to which query, and the names that addresses have by them.
// Never: asks anyone anything.
export { addressNames } from './address-names.ts';
export { type DnsExchange, DnsExchanges, type DnsSeen, isMulticastDns } from './exchanges.ts';
export { DNS_KEPT_BYTES, type DnsMessage, type DnsQuestion, type DnsRecord, parseDns } from './message.ts';
export type { DnsFlaw } from './reader.ts';
export { dnsCodeMeaning, dnsCodeName, dnsTypeName } from './words.ts';
