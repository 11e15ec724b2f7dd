import type { ProbeManifest } from '../manifest.ts';
import { kernelMemory, ONLY_CGROUP, ONLY_PORT, ONLY_PROCESS } from './shared-options.ts';

/** What the kernel itself knows of round trips is in microseconds. */
const MICROSECOND = 1000;
/** Enough for how long something took to end; finer, a thousand ends a second would cost 1.5 kB more. */
const TENTH_MS = 100_000;

/** Who talks to whom: every flow of every socket, with its bytes, its state and how well it goes. */
export const netFlows: ProbeManifest = {
  id: 'net-flows',
  title: 'Network flows',
  summary:
    'Shows every flow that has traffic or changes its state: TCP, UDP and ICMP of all sockets of the box, also in containers. Bytes are counted at the socket. Packets that the box only forwards are not seen.',
  needs: [
    { feature: 'bpf', without: null },
    {
      feature: 'cgroup2',
      without:
        'flows are asked for once a second: only TCP has figures, and bytes after the last look at a connection are not seen',
    },
    { feature: 'privilege', without: null },
    {
      feature: 'sock-diag',
      without: 'sockets that are older than the probe have no process, and idle ones are not shown',
    },
    { feature: 'bpf-stats', without: "the probe's own time in the kernel is not counted" },
  ],
  options: [ONLY_PROCESS, ONLY_CGROUP, ONLY_PORT, kernelMemory(2)],
  compact: true,
  columns: [
    { name: 'flow', type: 'flow', role: 'key', help: 'The two ends, their protocol and who opened it' },
    {
      name: 'thread',
      type: 'thread',
      role: 'last',
      help: 'Main thread of the process that owns the socket; none: not known',
    },
    { name: 'state', type: 'code', table: 'tcp-state', role: 'last', help: 'TCP state; 0 = has none' },
    {
      name: 'sent',
      type: 'bytes',
      role: 'sum',
      unit: 'B',
      help: 'Payload that left the socket; retransmitted bytes are not counted again',
    },
    {
      name: 'received',
      type: 'bytes',
      role: 'sum',
      unit: 'B',
      help: 'Payload that reached the socket, each byte once',
    },
    {
      name: 'packets-sent',
      type: 'count64',
      role: 'sum',
      unit: 'packets',
      help: 'Packets that left the socket; of joined segments each one',
    },
    {
      name: 'packets-received',
      type: 'count64',
      role: 'sum',
      unit: 'packets',
      help: 'Packets that reached the socket; of joined segments each one',
    },
    { name: 'retransmits', type: 'count64', role: 'sum', unit: 'packets', help: 'TCP segments that were sent again' },
    { name: 'out-of-order', type: 'count64', role: 'sum', unit: 'packets', help: 'TCP segments that came too early' },
    {
      name: 'zero-windows',
      type: 'count64',
      role: 'sum',
      unit: 'packets',
      help: 'TCP segments, of either end, that said that the other must wait',
    },
    { name: 'resets', type: 'count64', role: 'sum', unit: 'packets', help: 'TCP resets, of either end' },
    {
      name: 'rtt',
      type: 'ns',
      role: 'last',
      grainNs: MICROSECOND,
      unit: 'ns',
      help: 'Smoothed round-trip time; 0 = not known',
    },
    {
      name: 'rtt-min',
      type: 'ns',
      role: 'min',
      grainNs: MICROSECOND,
      unit: 'ns',
      help: 'Shortest round-trip time; 0 = not known',
    },
    {
      name: 'jitter',
      type: 'ns',
      role: 'last',
      grainNs: MICROSECOND,
      unit: 'ns',
      help: 'Smoothed mean deviation of the round-trip time; 0 = not known',
    },
    {
      name: 'connect',
      type: 'ns',
      role: 'max',
      grainNs: MICROSECOND,
      unit: 'ns',
      help: 'From the first SYN, of either end, until it was established; 0 = not seen',
    },
    {
      name: 'errno',
      type: 'code',
      table: 'errno',
      role: 'max',
      help: 'Why it failed or was broken off, as the kernel tells its owner; 0 = it was not',
    },
    {
      name: 'closed',
      type: 'time',
      role: 'max',
      grainNs: MICROSECOND,
      ends: 'flow',
      unit: 'ns',
      help: 'When it was closed, device CLOCK_MONOTONIC; 0 = it is open',
    },
    {
      name: 'closing',
      type: 'ns',
      role: 'max',
      grainNs: TENTH_MS,
      unit: 'ns',
      isLate: true,
      help: 'From the first FIN, of either end, until it was closed, without TIME-WAIT; 0 = it was not closed that way',
    },
    {
      name: 'close-wait',
      type: 'ns',
      role: 'max',
      grainNs: TENTH_MS,
      unit: 'ns',
      isLate: true,
      help: 'Of that: how long the other end had closed it and its process here had not',
    },
    {
      name: 'own',
      type: 'count32',
      role: 'max',
      isLate: true,
      help: '1 = an SSH connection of Sonde itself, by which a session went on; the first one is told with its flow',
    },
    {
      name: 'tries',
      type: 'count32',
      role: 'sum',
      isLate: true,
      help: 'Connects that failed alike before a packet could leave; 0 = packets left',
    },
  ],
  counted: ['packets-sent', 'packets-received'],
  display: { view: 'flows', weight: 'packets-sent', unit: 'packets' },
};
