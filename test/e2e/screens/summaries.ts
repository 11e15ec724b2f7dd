// What a session host would say of the recording on the screens.
import type { Lead, RecordingSummary, TopList } from '../../../electron/bridge/contract.ts';
import { START_NS } from './box-signals.ts';

const at = (second: number) => START_NS + second * 1e9;
const lead = (probe: string, tab: string, pid: number | null, search: string): Lead => ({ probe, tab, pid, search });
const CRC = lead('cpu-profile', 'flame', null, 'crc16');
const MODBUSD = lead('cpu-profile', 'flame', 103, '');
const READS = lead('syscalls', 'calls', 101, 'recvfrom');
const REFUSED = lead('syscalls', 'errors', 101, 'connect');
const BROKER = lead('net-flows', 'flows', 102, 'remote:203.0.113.40 rport:8883');

const LISTS: readonly TopList[] = [
  {
    title: 'Hottest functions',
    columns: ['Self', 'Total', 'Function'],
    rows: [
      { cells: ['21.4 %', '22.0 %', 'crc16  modbusd'], lead: CRC },
      { cells: ['9.8 %', '9.8 %', '_raw_spin_unlock_irqrestore  [kernel]'], lead: CRC },
      {
        cells: [
          '6.1 %',
          '14.2 %',
          'std::__1::vector<std::__1::pair<unsigned int, unsigned int>, std::__1::allocator<std::__1::pair<unsigned int, unsigned int>>>::push_back(std::__1::pair<unsigned int, unsigned int>&&)  libplant.so.4',
        ],
        lead: CRC,
      },
    ],
  },
  {
    title: 'System calls that took most time',
    columns: ['In all', '99 % within', 'Calls', 'Call'],
    rows: [
      { cells: ['3.1 min', '1.1 s', '2\u202f410', 'epoll_wait  mosquitto (101)'], lead: READS },
      { cells: ['41 s', '8.4 ms', '91\u202f204', 'recvfrom  mosquitto (101)'], lead: READS },
    ],
  },
  {
    title: 'Calls that failed most',
    columns: ['Times', 'Error', 'Call'],
    rows: [
      { cells: ['1\u202f204', 'EAGAIN', 'recvfrom  mosquitto (101)'], lead: REFUSED },
      { cells: ['48', 'ECONNREFUSED', 'connect  mosquitto (101)'], lead: REFUSED },
    ],
  },
  {
    title: 'Flows that had to send most again',
    columns: ['Packets', 'Round trip', 'Flow'],
    rows: [{ cells: ['312', '84 ms', 'tcp mqtt.cloud.example (203.0.113.40:8883)  bridge.py (102)'], lead: BROKER }],
  },
];

export const SUMMARY: RecordingSummary = {
  file: {
    bytes: 9_834_000,
    seconds: 900,
    complete: true,
    sondeVersion: '0.1.0',
    formatVersion: 2,
    destination: 'mara@192.168.1.20',
  },
  span: { fromNs: at(0), toNs: at(900) },
  stepNs: 60e9,
  findings: [
    { text: '1\u202f204 samples were lost: the kernel table of stacks was full.', isTrouble: true, lead: null },
    { text: 'The CPUs were 31 % busy.', isTrouble: false, lead: null },
    { text: 'modbusd (103) took 28 % of the CPU time that was sampled.', isTrouble: false, lead: MODBUSD },
    { text: 'crc16 itself took 21 % of it.', isTrouble: false, lead: CRC },
    { text: '104 system calls a second, 1.3 % of them failed.', isTrouble: false, lead: READS },
    {
      text: 'Most frequent error: connect of mosquitto (101) gave ECONNREFUSED 48 times.',
      isTrouble: false,
      lead: REFUSED,
    },
    { text: '3.2 % of the packets had to be sent again.', isTrouble: true, lead: BROKER },
  ],
  device: [
    { name: 'Host', text: 'gateway-7' },
    { name: 'System', text: 'Debian GNU/Linux 12 (bookworm)' },
    { name: 'Kernel', text: '6.1.0-28-arm64, aarch64, without BTF' },
    { name: 'Hardware', text: 'Raspberry Pi Compute Module 4 Rev 1.1' },
    { name: 'Processor', text: 'Cortex-A72, 4 CPUs' },
    { name: 'Memory', text: '2.0 GB' },
    { name: 'Its clock', text: '12 min behind the workstation that recorded it; known to 1.4 ms' },
    { name: 'Agent', text: '0.1.0, Node.js 18.19.0' },
  ],
  runs: [
    {
      probe: 'cpu-profile',
      options: 'Rate 99 Hz, Kernel memory 16 MB',
      fromNs: at(0),
      toNs: at(900),
      end: '',
      failed: false,
    },
    { probe: 'syscalls', options: '', fromNs: at(0), toNs: at(880), end: 'asked to', failed: false },
    {
      probe: 'dns',
      options: '',
      fromNs: at(620),
      toNs: at(620),
      end: 'cannot open perf event: operation not permitted',
      failed: true,
    },
  ],
  amounts: [
    { probe: 'cpu-profile', unit: 'samples', seconds: 892, seen: 356_400, kept: 110_502, filtered: 0, lost: 1204 },
    { probe: 'syscalls', unit: 'calls', seconds: 880, seen: 93_614, kept: 93_614, filtered: 0, lost: 0 },
    { probe: 'net-flows', unit: 'packets', seconds: 900, seen: 41_733, kept: 41_733, filtered: 0, lost: 0 },
  ],
  losses: ['1\u202f204 samples were lost: the kernel table of stacks was full.', 'For 8.0 s there is no data.'],
  cost: [
    { name: 'CPU', text: '1.9 % of one CPU' },
    { name: 'of that', text: 'agent 0.9 %, loader 0.4 %, in the kernel 0.6 %' },
    { name: 'Memory', text: '61.2 MB, and 12.0 MB in the kernel' },
    { name: 'Sent', text: '10.4 kB/s' },
  ],
  lists: LISTS,
};

/** Of a recording that ended as soon as it began. */
export const EMPTY_SUMMARY: RecordingSummary = {
  file: { ...SUMMARY.file, bytes: 14_000, seconds: 0, complete: false, destination: '' },
  span: null,
  stepNs: 0,
  findings: [],
  device: SUMMARY.device.slice(0, 3),
  runs: [],
  amounts: [],
  losses: [],
  cost: [],
  lists: [],
};
