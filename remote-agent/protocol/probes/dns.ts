import type { ProbeManifest } from '../manifest.ts';
import { kernelMemory, ONLY_CGROUP, ONLY_PROCESS } from './shared-options.ts';

/** DNS messages one by one, as sockets of the box send and receive them. */
export const dns: ProbeManifest = {
  id: 'dns',
  title: 'DNS messages',
  summary:
    'Copies the messages of DNS, mDNS and LLMNR that sockets of the box send and receive over UDP (ports 53, 5353, 5355), up to 512 bytes of each. DNS over TCP, TLS or HTTPS is not seen, nor is what the box only forwards.',
  needs: [
    { feature: 'bpf', without: null },
    { feature: 'cgroup2', without: null },
    { feature: 'privilege', without: null },
    { feature: 'sock-diag', without: 'sockets that are older than the probe have no process' },
    { feature: 'bpf-stats', without: "the probe's own time in the kernel is not counted" },
  ],
  options: [
    ONLY_PROCESS,
    ONLY_CGROUP,
    {
      kind: 'integer',
      name: 'per-second',
      label: 'At most',
      min: 1,
      max: 5000,
      default: 500,
      unit: 'messages/s',
      help: 'Messages that are kept in a second; more are counted as lost.',
    },
    kernelMemory(2),
  ],
  compact: true,
  columns: [
    { name: 'thread', type: 'thread', role: 'key', help: 'Main thread of the process that owns the socket' },
    { name: 'flow', type: 'flow', role: 'key', help: 'Between which two ends' },
    { name: 'at', type: 'time', role: 'key', unit: 'ns', help: 'When, device CLOCK_MONOTONIC' },
    { name: 'messages', type: 'count32', role: 'sum', unit: 'messages', help: 'One' },
    { name: 'incoming', type: 'count32', role: 'max', help: '1 = it came in; 0 = it went out' },
    { name: 'size', type: 'bytes', role: 'max', unit: 'B', help: 'Length of the message as it was on the wire' },
    {
      name: 'message',
      type: 'blob',
      role: 'any',
      help: 'The message as it was on the wire, up to 512 bytes, without the zeros at its end',
    },
  ],
  display: { view: 'events', within: 'net-flows', weight: 'messages', unit: 'messages' },
};
