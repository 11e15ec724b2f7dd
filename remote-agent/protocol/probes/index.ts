import type { ProbeManifest } from '../manifest.ts';
import { cpuProfile } from './cpu-profile.ts';
import { dns } from './dns.ts';
import { netDrops } from './net-drops.ts';
import { netFlows } from './net-flows.ts';
import { slowSyscalls } from './slow-syscalls.ts';
import { syscalls } from './syscalls.ts';

/** Every probe, alphabetical. */
export const PROBES: readonly ProbeManifest[] = [cpuProfile, dns, netDrops, netFlows, slowSyscalls, syscalls];

export function findProbe(id: string): ProbeManifest | null {
  return PROBES.find((probe) => probe.id === id) ?? null;
}
