/** What a capture came to, for people and for scripts. */
import type { Fault } from '../../remote-agent/protocol/index.ts';
import {
  ANY_INTERFACE,
  type CaptureBegin,
  type CaptureEnd,
  type CaptureRequest,
  type CaptureTotals,
} from '../capture/index.ts';
import type { Result } from './command.ts';
import { exitCodeOf, OK } from './exit-codes.ts';
import { bytesText } from './quantities.ts';

const TOP_PROCESSES = 10;

export interface CaptureOutcome {
  readonly end: CaptureEnd;
  /** null = stdout, or nothing was written. */
  readonly file: string | null;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly request: CaptureRequest;
}

/** Said when it begins: what one does not see must be known to be missing. '' = nothing to say. */
export function ownText({ own }: CaptureBegin, { includeOwn }: CaptureRequest): string {
  if (includeOwn) return '';
  if (!own) return "sonde: cannot tell Sonde's own SSH connection from others: it is captured as well";
  const { address, port } = own;
  const from = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return `Sonde's own SSH connection (from ${from}) is left out; --include-own shows it`;
}

export function captureResult(outcome: CaptureOutcome): Result {
  const { end, file, seconds, interrupted, request } = outcome;
  const { totals, begin } = end;
  const fault = faultOfEnd(outcome);
  const { packets, packetBytes, fileBytes, seen, own, lost, interfaces, unowned } = totals;
  const processes = totals.processes.slice(0, TOP_PROCESSES);
  const json = begin
    ? { file, bytes: fileBytes, seconds, interrupted, end: end.how, packets, packetBytes, seen, own, lost }
    : { file: null, interrupted };
  return {
    exitCode: fault ? exitCodeOf(fault.code) : OK,
    text: begin ? captureText(outcome) : '',
    json: { ...json, ...(begin ? { interfaces, processes, unowned } : {}) },
    ...(fault ? { fault } : {}),
    warning: fault ? null : warningOf(totals, request),
  };
}

function captureText({ end, file, seconds }: CaptureOutcome): string {
  const { packets, packetBytes, fileBytes, interfaces, processes } = end.totals;
  const into = file === null ? '' : ` into ${file} (${bytesText(fileBytes)})`;
  const several = interfaces.filter((each) => each.packets > 0);
  return [
    `captured ${packets} packets, ${bytesText(packetBytes)}, in ${seconds.toFixed(1)} s${into}`,
    ...(end.how === 'max-size' ? ['the file is as large as it may get (--max-size)'] : []),
    ...(several.length > 1 ? [`on ${several.map((each) => `${each.name}: ${each.packets}`).join(', ')}`] : []),
    ...processes
      .slice(0, TOP_PROCESSES)
      .map(({ pid, comm, packets: count }) => `${String(count).padStart(10)}  ${comm} (pid ${pid})`),
    ...lostLines(end.totals),
  ].join('\n');
}

function lostLines({ lost }: CaptureTotals): string[] {
  return [
    ...(lost.ring > 0
      ? [`${lost.ring} packets lost: the device or the link was too slow; ask for less with --filter or --snap`]
      : []),
    ...(lost.rateLimit > 0
      ? [`${lost.rateLimit} packets left out over the rate limit (--rate-limit, --packet-limit)`]
      : []),
    ...(lost.maxSize > 0 ? [`${lost.maxSize} packets came after the file was full`] : []),
  ];
}

function faultOfEnd({ end, interrupted, request }: CaptureOutcome): Fault | null {
  if (end.fault) return end.fault;
  if (end.how === 'interface-gone')
    return {
      code: 'interface-gone',
      message: `the interface ${request.interface} is gone from the device`,
      hint: `The file holds what came before. --interface ${ANY_INTERFACE} goes on when interfaces come and go.`,
    };
  if (interrupted && !end.begin)
    return { code: 'cancelled', message: 'nothing was captured: it was stopped before the first packet' };
  return null;
}

/** A filter that was mistyped must not look like a quiet network. */
function warningOf({ seen }: CaptureTotals, { filter }: CaptureRequest): Fault | null {
  if (seen > 0) return null;
  return {
    code: 'bad-option',
    message: filter === '' ? 'there was no packet' : `no packet matched ${filter}`,
    hint: 'Look whether the traffic comes by there: sonde capture without a filter, and with --interface any.',
  };
}
