/** Flows in words, for terminals. */
import type { FlowDef } from '../../../remote-agent/protocol/index.ts';

/** "10.0.0.5:443", "[fe80::1]:443"; "*:443" where any address will do; of a name "broker:1883". */
export function endText(address: string, port: number, name = ''): string {
  const host = name || (address === '0.0.0.0' || address === '::' || address === '' ? '*' : address);
  if (port === 0) return address === '' ? '' : host;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where it leads; of a listening socket where it can be reached. */
export function remoteText(def: FlowDef | undefined, name: string): string {
  if (!def) return 'unknown flow';
  if (def.isOthers) return 'all others';
  if (def.direction === 'listening') return `listening on ${endText(def.localAddress, def.localPort)}`;
  return endText(def.remoteAddress, def.remotePort, name);
}
