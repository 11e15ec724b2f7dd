import type { ProbeManifest } from '../manifest.ts';
import { kernelMemory } from './shared-options.ts';

/** Packets that were dropped, by what counted them and why. */
export const netDrops: ProbeManifest = {
  id: 'net-drops',
  title: 'Dropped packets',
  summary:
    'Counts packets that the box dropped: by the reason that the kernel names, by interface, and by the counters of IP, TCP and UDP. One packet may be counted at several of these places.',
  needs: [
    { feature: 'bpf', without: null },
    { feature: 'privilege', without: null },
    { feature: 'raw-tracepoints', without: null },
    { feature: 'drop-reasons', without: 'packets that the kernel dropped are counted without a reason' },
    { feature: 'bpf-stats', without: "the probe's own time in the kernel is not counted" },
  ],
  options: [kernelMemory(1)],
  compact: true,
  columns: [
    { name: 'where', type: 'code', table: 'drop-place', role: 'key', help: 'What counted them' },
    { name: 'cause', type: 'blob', role: 'key', help: 'Reason or counter, by the name that the kernel gives it' },
    { name: 'packets', type: 'count64', role: 'sum', unit: 'packets', help: 'Packets dropped' },
  ],
  display: { view: 'drops', within: 'net-flows', weight: 'packets', unit: 'packets' },
};
