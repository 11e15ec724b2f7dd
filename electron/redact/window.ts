/** Windows: numbers stay as they are; what is bytes is hidden by what its column holds, or left out. */
import {
  type ColumnData,
  deviceText,
  dropCauseMeaning,
  findProbe,
  LOSS_CAUSES,
  TEXT,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import { standInMessage } from './dns-message.ts';
import type { StandIns } from './stand-ins.ts';

type Cell = (bytes: Uint8Array, row: number) => Uint8Array;

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

export function redactWindow(window: WindowSignal, standIns: StandIns): WindowSignal {
  const { columns, counters } = window;
  const lost = counters.lost.map(({ cause, count }, i) => ({
    cause: Object.hasOwn(LOSS_CAUSES, cause) ? cause : `unknown-${i + 1}`,
    count,
  }));
  const specs = findProbe(window.probe)?.columns ?? [];
  return {
    ...window,
    counters: { ...counters, lost },
    columns: columns.map((column, i): ColumnData => {
      if (column instanceof Uint32Array || column instanceof Float64Array) return column;
      const cell = cellOf(`${window.probe} ${specs[i]?.name ?? ''}`, window, standIns);
      return column.map((bytes, row) => (bytes.length === 0 ? bytes : cell(bytes, row)));
    }),
  };
}

/** A column that is not named here loses its bytes: a new one leaves nothing until somebody has thought about it. */
function cellOf(column: string, window: WindowSignal, standIns: StandIns): Cell {
  const { rules } = standIns;
  switch (column) {
    case 'dns message': {
      if (!rules.dns && !rules.addresses) return (bytes) => bytes;
      const size = window.columns[findProbe('dns')?.columns.findIndex(({ name }) => name === 'size') ?? -1];
      return (bytes, row) => standInMessage(bytes, Number(size?.[row] ?? bytes.length), standIns);
    }
    case 'net-drops cause':
      return asText((text) => dropCause(text, standIns));
    case 'slow-syscalls args':
      return (bytes) => (rules.arguments ? NOTHING : bytes);
    case 'slow-syscalls path':
    case 'slow-syscalls file':
      return asText((text) => standIns.argument(text));
    case 'slow-syscalls result':
      return (bytes) => bytes.subarray(0, 8);
    default:
      return () => NOTHING;
  }
}

function asText(of: (text: string) => string): Cell {
  return (bytes) => encoder.encode(of(deviceText(bytes, TEXT.path)));
}

/** "SOCKET_RCVBUFF", "UdpRcvbufErrors", "eth0 rx_dropped". A name that the kernel does not have is somebody's own. */
function dropCause(cause: string, standIns: StandIns): string {
  const [link = '', counter] = cause.split(' ');
  if (counter === undefined) return isKernels(cause) ? cause : 'UNKNOWN_REASON';
  return `${standIns.link(link)} ${/^[a-z]{2}_[a-z_]{1,30}$|^queue$/.test(counter) ? counter : 'unknown'}`;
}

function isKernels(cause: string): boolean {
  return (
    dropCauseMeaning(cause) !== '' ||
    /^(?:Ip|Ip6|Icmp|Icmp6|Tcp|TcpExt|Udp|Udp6|UdpLite|Softnet)[A-Za-z]{2,40}$/.test(cause) ||
    /^[A-Z0-9]{2,12}_[A-Z0-9_]{2,40}$/.test(cause)
  );
}
