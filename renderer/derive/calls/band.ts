import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';

/** Latency buckets from … to, both included. null = all calls, also those of unknown duration. */
export type Band = { readonly from: number; readonly to: number } | null;

/** Calls of unknown duration lie in no band. */
export function inBand(band: Band, bucket: number): boolean {
  return band === null || (bucket < LATENCY_BUCKETS && bucket >= band.from && bucket <= band.to);
}
