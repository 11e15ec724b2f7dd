import type { ProbeManifest } from '../manifest.ts';
import { cpuProfile } from './cpu-profile.ts';

/** Every probe, alphabetical. */
export const PROBES: readonly ProbeManifest[] = [cpuProfile];

export function findProbe(id: string): ProbeManifest | null {
  return PROBES.find((probe) => probe.id === id) ?? null;
}
