import type { FlowWorld } from '../../../derive/flows/index.ts';

/** Protocols that pcap has a word for. */
const WORDS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp6', 132: 'sctp' };
const WITH_PORTS: readonly string[] = ['tcp', 'udp', 'sctp'];

/** The packets of one flow in pcap syntax, both ways; null where it is no single flow. */
export function pcapFilterOf(world: FlowWorld, place: number): string | null {
  const def = world.def(place);
  if (!def || def.isOthers || def.family === 0) return null;
  const word = WORDS[def.protocol] ?? `ip${def.family === 6 ? '6' : ''} proto ${def.protocol}`;
  const isListening = def.direction === 'listening';
  const hasPorts = WITH_PORTS.includes(word);
  const ends = [
    endTerms(def.localAddress, hasPorts ? def.localPort : 0),
    isListening ? [] : endTerms(def.remoteAddress, hasPorts ? def.remotePort : 0),
  ];
  return [word, ...new Set(ends.flat())].join(' and ');
}

function endTerms(address: string, port: number): string[] {
  const isAny = address === '' || address === '0.0.0.0' || address === '::';
  return [...(isAny ? [] : [`host ${address}`]), ...(port === 0 ? [] : [`port ${port}`])];
}
