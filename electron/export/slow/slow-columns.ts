/** Single system calls as rows. */
import {
  describeCall,
  deviceText,
  errnoName,
  type ProcessDef,
  resultText,
  syscallName,
  syscallTableOf,
} from '../../../remote-agent/protocol/index.ts';
import { type Cell, type Column, isoTime } from '../rows/column.ts';
import type { SlowCall } from './slow-calls.ts';

const MAX_NAME = 512;

export interface SlowRow {
  readonly call: SlowCall;
  readonly who: ProcessDef | undefined;
  readonly tid: number | null;
  readonly comm: string;
  /** Function names, root first. */
  readonly stack: readonly string[];
  /** Device's wall clock when it began; null where it was not recorded. */
  readonly realtimeMs: number | null;
}

export const SLOW_COLUMNS: readonly Column<SlowRow>[] = [
  {
    name: 'time',
    isText: true,
    help: "when it began by the device's clock, UTC",
    cell: ({ realtimeMs }) => isoTime(realtimeMs),
  },
  { name: 'begun_ns', unit: 'ns', help: 'the same, device CLOCK_MONOTONIC', cell: ({ call }) => call.begunNs },
  { name: 'pid', help: 'process id', cell: ({ who }) => who?.pid ?? null },
  { name: 'tid', help: 'thread id', cell: ({ tid }) => tid },
  { name: 'comm', isText: true, help: 'name of the thread', cell: ({ comm }) => comm },
  {
    name: 'container',
    isText: true,
    help: 'name or short id of the container, empty on the host',
    cell: ({ who }) => who?.container ?? '',
  },
  {
    name: 'container_id',
    isText: true,
    help: 'short id of the container, where its name is known',
    cell: ({ who }) => who?.containerId ?? '',
  },
  { name: 'unit', isText: true, help: 'systemd unit, if any', cell: ({ who }) => who?.unit ?? '' },
  {
    name: 'call',
    isText: true,
    help: 'system call, or #NUMBER (ABI) where its name is not known',
    cell: ({ call }) => syscallName(call.code),
  },
  {
    name: 'abi',
    isText: true,
    help: 'whose numbering of calls it uses',
    cell: ({ call }) => syscallTableOf(call.code)?.name ?? '',
  },
  {
    name: 'text',
    isText: true,
    help: 'the call with its arguments',
    cell: ({ call }) => describeCall(call.code, call.args, textOf(call.path), textOf(call.file)),
  },
  {
    name: 'duration_ns',
    unit: 'ns',
    help: 'from its beginning to its return, or so far',
    cell: ({ call }) => call.durationNs,
  },
  {
    name: 'in_progress',
    help: '1 = it had not returned when it was last seen',
    cell: ({ call }) => (call.isFinished ? 0 : 1),
  },
  {
    name: 'errno',
    isText: true,
    help: 'error it returned, such as ENOENT; empty = none',
    cell: ({ call }) => (call.errno === 0 ? '' : errnoName(call.errno)),
  },
  { name: 'errno_number', help: 'its number; 0 = none', cell: ({ call }) => call.errno },
  {
    name: 'result',
    isText: true,
    help: 'what it returned; empty in progress',
    cell: ({ call }) => (call.isFinished ? resultCell(call.result) : null),
  },
  { name: 'path', isText: true, help: 'its first path, where it has one', cell: ({ call }) => textOf(call.path) },
  { name: 'file', isText: true, help: 'what its first file descriptor was', cell: ({ call }) => textOf(call.file) },
  {
    name: 'stack',
    isText: true,
    help: 'user stack, root first, where it was recorded',
    cell: ({ stack }) => stack.join(';'),
  },
];

/** A number stays one: in front of a text that begins with a minus there would be a '. */
function resultCell(bytes: Uint8Array): Cell {
  const text = resultText(bytes);
  return text.startsWith('0x') ? text : Number(text);
}

function textOf(bytes: Uint8Array): string {
  return deviceText(bytes, MAX_NAME);
}
