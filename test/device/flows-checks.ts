// What the tests of network flows share: a peer behind a cable, traffic that knows its own figures, and what must hold
// of all that the loader sends.

import { expect } from 'vitest';
import type { Box } from './box/boot.mjs';
import { type FlowRow, readFlowRow } from './flow-rows.ts';
import { LOADER, startInBox } from './loader-checks.ts';
import { type Batch, LoaderSession } from './loader-session.ts';

export const TCP = 6;
export const UDP = 17;
export const STATE = { established: 1, close: 7, listen: 10 } as const;
export const HERE = '10.9.0.1';
export const PEER = '10.9.0.2';
export const PEER6 = 'fd09::2';

/** A network namespace of its own at the other end of a cable. */
export async function addPeer(box: Box): Promise<void> {
  const script = `set -e
    ip netns add peer
    ip link add here type veth peer name there netns peer
    ip addr add ${HERE}/24 dev here && ip addr add fd09::1/64 dev here nodad && ip link set here up
    ip -n peer addr add ${PEER}/24 dev there && ip -n peer addr add ${PEER6}/64 dev there nodad
    ip -n peer link set there up && ip -n peer link set lo up`;
  const { code, stderr } = await box.ssh(script);
  if (code !== 0) throw new Error(stderr);
}

/** Each way half of the delay and all of the loss. */
export async function spoilLine(box: Box, delayMs: number, lossPercent: number): Promise<void> {
  const netem = `root netem delay ${delayMs / 2}ms loss ${lossPercent}% limit 100000`;
  const { code, stderr } = await box.ssh(
    `modprobe sch_netem; tc qdisc replace dev here ${netem} && tc -n peer qdisc replace dev there ${netem}`,
  );
  if (code !== 0) throw new Error(stderr);
}

export async function mendLine(box: Box): Promise<void> {
  await box.ssh('tc qdisc del dev here root; tc -n peer qdisc del dev there root');
}

interface Server {
  pid: number;
  stop: () => Promise<{ connections: number; datagrams: number; datagramBytes: number }>;
}

/** Listens at the peer, or where `where` says; `stop` tells what it got. */
export async function serve(box: Box, args: string, where = 'ip netns exec peer'): Promise<Server> {
  const log = `/tmp/serve-${serversMade++}`;
  const pid = await startInBox(box, `exec ${where} sh -c 'exec /opt/workload/flows serve ${args} > ${log}'`);
  await expect.poll(async () => (await box.ssh(`cat ${log}`)).stdout, { timeout: 180_000 }).toContain('ready');
  return {
    pid,
    async stop() {
      await box.ssh(`kill ${pid}`);
      const told = async () => (await box.ssh(`grep -s connections ${log}`)).stdout;
      await expect.poll(told, { timeout: 180_000 }).not.toBe('');
      return JSON.parse(await told());
    },
  };
}
let serversMade = 0;

export interface Figures {
  retransmits: number;
  rttUs: number;
  minRttUs: number;
  segmentsOut: number;
  segmentsIn: number;
}

/** Runs one role of the workload to its end and gives what it printed last. */
export async function traffic<T = Figures>(box: Box, args: string, where = ''): Promise<T> {
  const { code, stdout, stderr } = await box.ssh(`${where} /opt/workload/flows ${args}`, { timeoutMs: 280_000 });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

export const startFlows = (box: Box, args = '', loader = LOADER) =>
  LoaderSession.startProbe(box, loader, `net-flows ${args}`, 'root', readFlowRow);

/** What holds of any batches of one run, whatever happened to the workers. */
export function expectWhole(batches: readonly Batch<FlowRow>[]): void {
  for (const [i, { number, fromNs, rows, counters: c }] of batches.entries()) {
    expect(number).toBe(i);
    if (i > 0) expect(fromNs, `batch ${number} begins where the one before ended`).toBe(batches[i - 1]?.toNs);
    expect(c.seen).toBe(c.kept + c.filtered + c.lostMapFull + c.lostRateLimit);
    expect([c.idle, c.lostStacksFull, c.incompleteStacks]).toEqual([0n, 0n, 0n]);
    const packets = rows.reduce((total, row) => total + row.packetsSent + row.packetsReceived, 0);
    expect(packets, `packets in the rows of batch ${number}`).toBe(Number(c.kept));
  }
}

const SUMS = [
  'sent',
  'received',
  'packetsSent',
  'packetsReceived',
  'retransmits',
  'outOfOrder',
  'zeroWindows',
  'resets',
  'tries',
] as const;
const LAST = ['tgid', 'comm', 'cgroup', 'state', 'rtt', 'jitter'] as const;
const GREATEST = ['errno', 'connect', 'closing', 'closeWait', 'closed', 'own'] as const;

function add(total: FlowRow, row: FlowRow): void {
  for (const name of SUMS) total[name] += row[name];
  for (const name of GREATEST) total[name] = Math.max(total[name], row[name]);
  for (const name of LAST) if (row[name]) Object.assign(total, { [name]: row[name] });
  total.rttMin = Math.min(total.rttMin || row.rttMin, row.rttMin || total.rttMin);
}

/** One row for each flow, as the agent adds them up. */
export function flowsOf(batches: readonly Batch<FlowRow>[]): FlowRow[] {
  const flows = new Map<string, FlowRow>();
  for (const row of batches.flatMap(({ rows }) => rows)) {
    const total = flows.get(row.flow.id);
    if (total) add(total, row);
    else flows.set(row.flow.id, { ...row });
  }
  return [...flows.values()];
}

/** The one flow of which that holds. */
export function theFlow(flows: readonly FlowRow[], isIt: (row: FlowRow) => boolean): FlowRow {
  const found = flows.filter(isIt);
  expect(found, 'flows of which that holds').toHaveLength(1);
  return found[0] as FlowRow;
}

export const isFrom = (address: string) => (row: FlowRow) =>
  row.flow.local.startsWith(`${address}:`) && row.flow.protocol === TCP && row.flow.direction !== 'listening';
