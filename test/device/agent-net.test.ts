// DNS messages and dropped packets through the whole chain: kernel, loader, agent, relay, ssh, and a client.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deviceText,
  DnsExchanges,
  dnsCodeName,
  findProbe,
  parseDns,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import { AgentView } from '../unit/agent/agent-view.ts';
import { AgentSession } from './agent-session.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { startDnsServer } from './dns-server.ts';
import { BUILD_AND_BOOT_MS } from './loader-checks.ts';

const CLOSED_PORT = 'for i in 1 2 3 4 5 6 7 8 9 10; do echo x > /dev/udp/127.0.0.1/9; done';

let box: Box;
let session: AgentSession;
let server = 0;
beforeAll(async () => {
  box = await bootBox({ variant: 'node' });
  await AgentSession.install(box);
  server = await startDnsServer(box);
  session = await AgentSession.start(box, { leaseS: 120 });
}, BUILD_AND_BOOT_MS);
afterAll(async () => {
  await session?.end();
  await box?.stop();
});

/** Rows as objects, by the names of their columns. */
function rowsOf(view: AgentView, probe: string): Record<string, number | Uint8Array>[] {
  const names = findProbe(probe)?.columns.map(({ name }) => name) ?? [];
  const rowOf = ({ columns }: WindowSignal, row: number) =>
    Object.fromEntries(names.map((name, i) => [name, columns[i]?.[row] ?? 0]));
  return view.windows
    .filter((window) => window.probe === probe)
    .flatMap((window) => Array.from({ length: window.rows }, (_, row) => rowOf(window, row)));
}

function messagesOf(view: AgentView) {
  return rowsOf(view, 'dns')
    .map((row) => ({
      flow: Number(row['flow']),
      thread: Number(row['thread']),
      atNs: Number(row['at']),
      isIncoming: row['incoming'] === 1,
      isMulticast: false,
      message: parseDns(row['message'] as Uint8Array, Number(row['size'])),
    }))
    .toSorted((a, b) => a.atNs - b.atNs);
}

function exchangesOf(view: AgentView) {
  const exchanges = new DnsExchanges();
  for (const { message, ...seen } of messagesOf(view)) if (message) exchanges.add({ ...seen, message });
  return exchanges.all;
}

function dropsOf(view: AgentView): Map<string, number> {
  const drops = new Map<string, number>();
  for (const { where, cause, packets } of rowsOf(view, 'net-drops')) {
    const key = `${Number(where)} ${deviceText(cause as Uint8Array, 100)}`;
    drops.set(key, (drops.get(key) ?? 0) + Number(packets));
  }
  return drops;
}

const view = () => new AgentView(session.client.signals);
const until = (what: string, isThere: () => boolean) => session.client.until(what, isThere, 120_000);

test('queries are told with their process and both ends, drops with their cause', async () => {
  for (const probe of ['dns', 'net-drops']) {
    session.startProbe({}, probe);
    await until(`windows of ${probe}`, () => view().windows.some((window) => window.probe === probe));
  }
  await box.ssh('getent ahostsv4 there.test.; getent ahostsv4 nowhere.test.');
  await box.ssh(CLOSED_PORT);
  await until('all queries', () => messagesOf(view()).length >= 8);
  // A reason's row and a counter's row of one packet may be of two windows that follow each other.
  const drops = () => ['1 NO_SOCKET', '3 UdpNoPorts'].map((cause) => dropsOf(view()).get(cause) ?? 0);
  await until('all drops', () => drops().every((packets) => packets >= 10));

  const { threads, processes, flows } = view();
  const exchanges = exchangesOf(view()).map(({ question, answer, thread, flow, isServed, latencyNs }) => ({
    told: `${question.name} ${dnsCodeName(answer?.code ?? -1)}`,
    isServed,
    pid: processes[(threads[thread - 1]?.process ?? 0) - 1]?.pid ?? 0,
    isQuick: latencyNs !== null && latencyNs > 0,
    flow: flows[flow - 1],
  }));
  expect(exchanges).toHaveLength(4);
  for (const { isServed, pid, flow, isQuick } of exchanges) {
    expect(isQuick).toBe(true);
    expect(pid === server).toBe(isServed);
    expect(pid).toBeGreaterThan(0);
    expect(flow).toMatchObject({ protocol: 17, family: 4, localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' });
    expect(flow).toMatchObject(isServed ? { direction: 'in', localPort: 53 } : { direction: 'out', remotePort: 53 });
  }
  expect(exchanges.map(({ told, isServed }) => `${told} ${isServed}`).toSorted()).toEqual([
    'nowhere.test NXDOMAIN false',
    'nowhere.test NXDOMAIN true',
    'there.test NOERROR false',
    'there.test NOERROR true',
  ]);
  expect(drops()).toEqual([10, 10]);
});

const CONTAINER = '4f5c1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7';

test('what runs in a container has its name, also where it was gone before anybody looked', async () => {
  await box.ssh(`mkdir -p /var/lib/docker/containers/${CONTAINER} /sys/fs/cgroup/docker/${CONTAINER}
    echo '{"ID":"${CONTAINER}","State":{"Running":true},"Name":"/mosquitto"}' > /var/lib/docker/containers/${CONTAINER}/config.v2.json`);
  session.startProbe({}, 'net-flows');
  await until('windows of net-flows', () => view().windows.some(({ probe }) => probe === 'net-flows'));
  const inContainer = (port: number, then: string) =>
    box.ssh(
      `bash -c 'echo $$ > /sys/fs/cgroup/docker/${CONTAINER}/cgroup.procs; exec 3<>/dev/tcp/127.0.0.1/${port}; ${then}'`,
    );
  const inside = () => view().processes.filter(({ cgroup }) => cgroup === `/docker/${CONTAINER}`);
  await inContainer(9, 'exit');
  await until('the one that is gone', () => inside().length > 0);
  const stays = inContainer(22, 'sleep 30');
  await until('the one that stays', () => inside().some(({ startNs }) => startNs > 0));
  for (const process of inside())
    expect(process).toMatchObject({ container: 'mosquitto', containerId: CONTAINER.slice(0, 12) });
  await stays;
});
