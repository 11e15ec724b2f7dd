/** Flows, DNS and drops on their way out of a recording. */
import { describe, expect, test } from 'vitest';
import { summarize, summaryText } from '../../../electron/export/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { dnsWindow, flowDef, flowWindow } from '../../fixtures/flows.ts';
import { networkSignals, START_NS } from '../../fixtures/network.ts';
import { deviceSignal } from '../../fixtures/signals.ts';
import { QUERY, writeDns } from '../protocol/dns-writer.ts';
import { exportedTable, recordingOf } from './helpers.ts';

/** The columns of these names, a row per line. No cell of these tables has a comma where this is used. */
function cells(csv: string, ...names: string[]): string[] {
  const [head = '', ...rows] = csv.trimEnd().split('\n');
  const at = names.map((name) => head.split(',').indexOf(name));
  expect(at).not.toContain(-1);
  return rows.map((row) => at.map((i) => row.split(',')[i]).join(' '));
}

describe('flows', () => {
  test('a row per flow with its totals, in the order in which they were over', async () => {
    const csv = await exportedTable('csv', networkSignals());
    expect(csv.split('\n')[0]).toBe(
      'flow,pid,comm,container,container_id,unit,protocol,direction,state,local_address,local_port,remote_address,remote_port,remote_name,netns,' +
        'opened,opened_ns,closed,closed_ns,sent_bytes,received_bytes,sent_packets,received_packets,retransmits,out_of_order,' +
        'zero_windows,resets,rtt_ns,rtt_min_ns,jitter_ns,connect_ns,established_ns,closing_ns,close_wait_ns,errno,errno_number,tries,others,own',
    );
    expect(
      cells(
        csv,
        'flow',
        'pid',
        'comm',
        'protocol',
        'direction',
        'state',
        'remote_address',
        'remote_port',
        'remote_name',
      ),
    ).toEqual([
      '2 102 curl tcp out closed 203.0.113.41 443 cloud.example',
      '3 102 curl tcp out closed 10.0.0.9 9999 broker',
      '1 101 mosquitto tcp out established 10.0.0.9 1883 broker',
      '4   tcp listening listening  0 ',
      '6   udp out   0 ',
    ]);
    expect(
      cells(
        csv,
        'sent_bytes',
        'received_bytes',
        'sent_packets',
        'received_packets',
        'retransmits',
        'resets',
        'rtt_ns',
        'rtt_min_ns',
        'jitter_ns',
        'connect_ns',
      ),
    ).toEqual([
      '150 90000 23 62 0 0 22000000 20000000  20000000',
      '0 0 1 1 0 1    ',
      `${2 ** 40 + 1500} 400 15 8 2 0 6000000 3000000 1000000 `,
      '0 0 0 0 0 0    ',
      '40 0 4 0 0 0    ',
    ]);
    // Opened at 0.2 s, closed at 1.9 s; the second was refused.
    expect(cells(csv, 'connect_ns', 'established_ns', 'closing_ns', 'close_wait_ns').slice(0, 3)).toEqual([
      '20000000 1380000000 300000000 250000000',
      '   ',
      '   ',
    ]);
    expect(cells(csv, 'opened', 'closed', 'closed_ns', 'errno', 'errno_number', 'others', 'own').slice(0, 3)).toEqual([
      '2026-01-02T03:04:05.200Z 2026-01-02T03:04:06.900Z 1001900000000  0 0 0',
      '2026-01-02T03:04:06.100Z 2026-01-02T03:04:06.200Z 1001200000000 ECONNREFUSED 111 0 0',
      '    0 0 0',
    ]);
  });

  test("Sonde's own connection only for those who ask", async () => {
    const own = async (includeOwn: boolean) =>
      cells(await exportedTable('csv', networkSignals(), { includeOwn }), 'flow', 'own').filter((row) =>
        row.endsWith(' 1'),
      );
    expect(await own(false)).toEqual([]);
    expect(await own(true)).toEqual(['5 1']);
  });

  test('that a session went on by is its own from its beginning, though it was found later', async () => {
    const signals = [...networkSignals(), flowWindow(START_NS + 20e9, START_NS + 21e9, [{ flow: 1, own: 1 }])];
    const csv = async (includeOwn: boolean) =>
      cells(await exportedTable('csv', signals, { includeOwn }), 'flow', 'own');
    expect(await csv(false)).not.toContainEqual(expect.stringMatching(/^1 /));
    expect(await csv(true)).toContain('1 1');
  });

  test('window by window the same numbers', async () => {
    const csv = await exportedTable('csv', networkSignals(), { perWindow: true, includeOwn: true });
    expect(cells(csv, 'time', 'flow', 'sent_bytes', 'state')).toEqual([
      '2026-01-02T03:04:05.000Z 1 1000 established',
      '2026-01-02T03:04:05.000Z 2 100 established',
      '2026-01-02T03:04:05.000Z 4 0 listening',
      '2026-01-02T03:04:05.000Z 5 7000 established',
      '2026-01-02T03:04:06.000Z 1 500 ',
      '2026-01-02T03:04:06.000Z 2 50 closed',
      '2026-01-02T03:04:06.000Z 3 0 closed',
      '2026-01-02T03:04:07.000Z 6 40 ',
      `2026-01-02T03:04:15.000Z 1 ${2 ** 40} established`,
    ]);
  });

  test('as JSON, with units and what was lost', async () => {
    const told = JSON.parse(await exportedTable('json', networkSignals())) as { readonly flows: readonly unknown[] };
    expect(told).toMatchObject({
      format: 'sonde-flows',
      units: { sent_bytes: 'bytes', rtt_ns: 'ns', retransmits: 'packets' },
      counters: { lost: { 'map-full': 12 } },
      range: { covered_ns: 4e9, gap_ns: 7e9 },
      own: { flows: 1, sent_bytes: 7000, received_bytes: 70 },
    });
    expect(told.flows).toHaveLength(5);
    expect(told.flows[1]).toMatchObject({
      remote_name: 'broker',
      errno: 'ECONNREFUSED',
      rtt_ns: null,
      opened_ns: 1001.1e9,
    });
  });

  test('only a part: of a process, of a time', async () => {
    const flows = async (filter: object) =>
      cells(await exportedTable('csv', networkSignals(), { filter }), 'flow', 'sent_bytes');
    expect(await flows({ pid: 102 })).toEqual(['2 150', '3 0']);
    // Defined and named before the range.
    expect(await flows({ fromNs: START_NS + 1e9, toNs: START_NS + 2e9 })).toEqual(['1 500', '2 50', '3 0']);
  });

  test('two agents that ran one after the other: equal ids are different flows', async () => {
    const [device, ...rest] = networkSignals();
    const csv = await exportedTable('csv', [...networkSignals(), ...(device ? [device] : []), ...rest]);
    expect(cells(csv, 'flow', 'sent_bytes').filter((row) => row.endsWith(' 150'))).toEqual(['2 150', '9 150']);
  });

  test('rows that come a moment after the end still count, and nothing that is over is kept', async () => {
    const window = (second: number, rows: Parameters<typeof flowWindow>[2]) =>
      flowWindow(START_NS + second * 1e9, START_NS + (second + 1) * 1e9, rows);
    const signals: Signal[] = [
      deviceSignal({ startNs: START_NS }),
      definitionsOf({ flows: [flowDef({ id: 1 })] }),
      window(0, [{ flow: 1, sent: 10, closed: START_NS + 5e8 }]),
      window(2, [{ flow: 1, sent: 5 }]),
      window(9, []),
      window(10, [{ flow: 1, sent: 1 }]),
    ];
    // What speaks again under a number that is over cannot be called anything.
    expect(cells(await exportedTable('csv', signals), 'flow', 'remote_address', 'sent_bytes')).toEqual([
      '1 10.0.0.9 15',
      '1  1',
    ]);
  });
});

test('of many flows that never end, those silent longest are let go, and none is lost', async () => {
  const EACH = 10_000;
  const signals: Signal[] = [deviceSignal({ startNs: START_NS })];
  for (let second = 0; second < 20; second++) {
    const ids = Array.from({ length: EACH }, (_, i) => second * EACH + i + 1);
    signals.push(
      definitionsOf({ flows: ids.map((id) => flowDef({ id, localPort: id % 65_536 })) }),
      flowWindow(START_NS + second * 1e9, START_NS + (second + 1) * 1e9, [
        { flow: 1, sent: 1 },
        ...ids.map((flow) => ({ flow, sent: 1 })),
      ]),
    );
  }
  const { flows } = await recordingOf(signals);
  expect(flows).toMatchObject({ flows: 20 * EACH, open: 20 * EACH, sums: { sent: 20 * EACH + 20 } });
  expect(flows.largest[0]?.sum.of('sent')).toBe(21);
});

test('DNS: questions with their answers, and what has none', async () => {
  const csv = await exportedTable('csv', networkSignals(), { table: 'dns' });
  expect(csv.split('\n')[0]).toBe(
    'time,asked_ns,pid,comm,container,container_id,unit,server,server_port,served,question,type,outcome,code,answers,truncated,tries,latency_ns',
  );
  expect(
    cells(csv, 'time', 'comm', 'server', 'question', 'type', 'outcome', 'code', 'answers', 'tries', 'latency_ns'),
  ).toEqual([
    '2026-01-02T03:04:05.100Z curl 10.0.0.53 cloud.example A answered NOERROR A 203.0.113.41 1 30000000',
    '2026-01-02T03:04:06.100Z mosquitto 10.0.0.53 typo.exmaple A failed NXDOMAIN  1 250000000',
    '2026-01-02T03:04:06.500Z  10.0.0.53 bank.example A unasked NOERROR A 10.0.0.9  ',
    '2026-01-02T03:04:06.600Z  10.0.0.53   unreadable    ',
    '2026-01-02T03:04:05.400Z curl 10.0.0.53 gone.example A no-answer   1 ',
  ]);
  const told = JSON.parse(await exportedTable('json', networkSignals(), { table: 'dns' })) as object;
  expect(told).toMatchObject({ format: 'sonde-dns', dns: { length: 5 }, counters: { kept: 7 } });
});

test('who asks again long after nobody waits any more asks anew', async () => {
  const ask = (second: number, message: Uint8Array) => ({
    thread: 1,
    flow: 1,
    at: START_NS + second * 1e9,
    incoming: 0,
    message,
  });
  const query = writeDns({ id: 7, flags: QUERY, questions: [{ name: 'gone.example', type: 28 }] });
  const signals: Signal[] = [
    deviceSignal({ startNs: START_NS }),
    definitionsOf({ flows: [flowDef({ id: 1, protocol: 17, remotePort: 53 })] }),
    dnsWindow(START_NS, START_NS + 9e9, [ask(1, query), ask(6, query)]),
    dnsWindow(START_NS + 9e9, START_NS + 40e9, []),
    dnsWindow(START_NS + 40e9, START_NS + 50e9, [ask(45, query)]),
  ];
  const csv = await exportedTable('csv', signals, { table: 'dns' });
  expect(cells(csv, 'asked_ns', 'type', 'outcome', 'tries')).toEqual([
    `${START_NS + 1e9} AAAA no-answer 2`,
    `${START_NS + 45e9} AAAA no-answer 1`,
  ]);
});

test('drops: of the range and window by window', async () => {
  const drops = async (perWindow: boolean) => exportedTable('csv', networkSignals(), { table: 'drops', perWindow });
  expect(await drops(false)).toBe('place,cause,packets\ninterface,eth0 rx_dropped,9\nkernel,NO_SOCKET,7\n');
  expect(cells(await drops(true), 'from_ns', 'cause', 'packets')).toEqual([
    '1000000000000 eth0 rx_dropped 9',
    '1000000000000 NO_SOCKET 3',
    '1002000000000 NO_SOCKET 4',
  ]);
});

test('a summary counts connects that failed alike before a packet could leave', async () => {
  const refused = { flow: 20, state: 7, errno: 101, tries: 14, closed: START_NS + 20.5e9 };
  const signals = [
    ...networkSignals(),
    definitionsOf({ flows: [flowDef({ id: 20, openedNs: START_NS + 20.1e9, remoteAddress: '198.51.100.7' })] }),
    flowWindow(START_NS + 20e9, START_NS + 21e9, [refused]),
  ];
  const { flows } = summarize(await recordingOf(signals));
  expect(flows).toMatchObject({ failedConnects: 15, failures: { ENETUNREACH: 14, ECONNREFUSED: 1 } });
  const tries = cells(await exportedTable('csv', signals), 'errno', 'tries').filter((row) =>
    row.startsWith('ENETUNREACH'),
  );
  expect(tries).toEqual(['ENETUNREACH 14']);
});

test('a summary in words', async () => {
  const summary = summarize(await recordingOf(networkSignals()));
  expect(summary.flows).toMatchObject({ failedConnects: 1, failures: { ECONNREFUSED: 1 }, lost: { 'map-full': 12 } });
  expect(() => JSON.stringify(summary)).not.toThrow();
  expect(summaryText(summary)).toMatchInlineSnapshot(`
    "edge-box: Debian GNU/Linux 12 (bookworm), kernel 6.1.0-41-amd64, x86_64, 2 CPUs
    4.0 s of network flows: 4 (2 open at the end), 1099.5 GB sent, 90.4 kB received, 114 packets, 0 filtered out
    lost 12: the kernel table of counts was full
    no data for 7.0 s in between
    2 retransmits (4.65 % of the packets sent), 1 failed connects (ECONNREFUSED 1), 1 resets
    4 packets are of no flow shown: it found no room, or no socket took them
    Sonde's own connection, not counted above: 7.0 kB sent, 70 B received

        sent  received  retransmits       rtt  flow
    1099.5 GB     400 B            2    6.0 ms  tcp 10.0.0.2:40001 → 10.0.0.9:1883 broker  mosquitto (101)
       150 B   90.0 kB            0     22 ms  tcp 10.0.0.2:40002 → 203.0.113.41:443 cloud.example  curl (102)
        40 B       0 B            0            udp  → all others  unknown

    2.0 s of DNS: 7 messages, 2 questions answered, 1 of them with an error (NXDOMAIN 1), 1 not answered, the longest took 250 ms
    nothing lost

    2.0 s of dropped packets: counted 9 by interface, 7 by kernel
    nothing lost
    no data for 1.0 s in between

     packets  counted by  cause
           9  interface   eth0 rx_dropped
           7  kernel      NO_SOCKET"
  `);
});
