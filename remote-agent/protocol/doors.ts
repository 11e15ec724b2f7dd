/** Small checks at the door: wire numbers to exact doubles, wire words to safe text. Each refusal says what was wrong. */
import { isFaultCode, raise, type Fault } from './fault.ts';
import type { Fault as FaultMessage } from './generated/sonde_pb.ts';
import { MAX_TIME_NS, TEXT } from './limits.ts';
import { safeText } from './text.ts';

export function refuse(what: string): never {
  return raise('out-of-sync', `cannot use a record from the device: ${what}`);
}

/** A count or size: exact, or refused. */
export function exactNumber(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) refuse(`${what} is ${value}`);
  return Number(value);
}

/** A time or duration in ns; beyond 104 days a double rounds it to 2 ns. */
export function timeNs(value: bigint, what: string): number {
  if (value > MAX_TIME_NS) refuse(`${what} is ${value}`);
  return Number(value);
}

/**
 * The low 52 bits: exact in a double, and all that tells two addresses apart. Kernel addresses have ones above
 * (0xffffffff81000000 becomes 0xfffff81000000), user addresses and file offsets have zeros.
 */
export function addressBits(value: bigint): number {
  return Number(BigInt.asUintN(52, value));
}

export function faultFromWire(message: FaultMessage): Fault {
  const known = isFaultCode(message.code);
  const detail = known ? message.detail : `${message.code}: ${message.detail}`;
  return {
    // A newer agent may know more codes; its message still says what happened.
    code: isFaultCode(message.code) ? message.code : 'agent-crashed',
    message: safeText(message.message, TEXT.fault),
    ...(message.hint ? { hint: safeText(message.hint, TEXT.fault) } : {}),
    ...(detail ? { detail: detailText(detail) } : {}),
    ...(message.probe ? { probe: safeText(message.probe, TEXT.short) } : {}),
  };
}

/** A detail may have lines (a verifier log): each is made safe, the line ends are kept. */
function detailText(detail: string): string {
  const lines = detail.slice(0, TEXT.fault).split('\n');
  return lines.map((line) => safeText(line, TEXT.fault)).join('\n');
}

export function faultToWire(fault: Fault): Omit<FaultMessage, '$typeName' | '$unknown'> {
  return {
    code: fault.code,
    message: fault.message,
    hint: fault.hint ?? '',
    detail: fault.detail ?? '',
    probe: fault.probe ?? '',
  };
}
