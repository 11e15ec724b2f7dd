/**
 * A DNS message with other names and addresses in it. It is written anew from what could be read of the old one, so bytes
 * that nobody understood (options, signatures, a cut end) are not in it.
 */
import { type DnsMessage, parseAddress, parseDns } from '../../remote-agent/protocol/index.ts';

export interface DnsStandIns {
  domain(name: string): string;
  address(text: string): string;
}

const A = 1;
const AAAA = 28;
/** Types whose data is a name. Data of others but addresses is left out. */
const NAMED: ReadonlySet<number> = new Set([2, 5, 12, 39]);
const OPT = 41;
const CLASS_IN = 1;
const MAX_LABEL = 63;
/** As much of a message as a recording's cell holds. */
const MAX_BYTES = 4096;

/** No bytes where it was no DNS. `size`: bytes it had on the wire. */
export function standInMessage(bytes: Uint8Array, size: number, standIns: DnsStandIns): Uint8Array {
  const message = parseDns(bytes, size);
  if (!message) return new Uint8Array(0);
  const out: number[] = [];
  const answers = message.answers.slice();
  header(out, message, answers.length);
  for (const { name, type } of message.questions) {
    putName(out, standIns.domain(name));
    put16(out, type, CLASS_IN);
  }
  for (const { name, type, ttlS, data } of answers) {
    putName(out, standIns.domain(name));
    put16(out, type, CLASS_IN, Math.floor(ttlS / 0x10000), ttlS & 0xffff);
    const content: number[] = [];
    if (type === A || type === AAAA) content.push(...(parseAddress(standIns.address(data)) ?? []));
    else if (NAMED.has(type) && !data.startsWith('\\')) putName(content, standIns.domain(data));
    put16(out, content.length);
    out.push(...content);
  }
  if (message.code > 0xf) extended(out, message.code);
  return Uint8Array.from(out.slice(0, MAX_BYTES));
}

function header(out: number[], message: DnsMessage, answers: number): void {
  const flags =
    (message.isResponse ? 0x8000 : 0) |
    (message.opcode << 11) |
    (message.isAuthoritative ? 0x0400 : 0) |
    (message.isTruncated ? 0x0200 : 0) |
    (message.code & 0xf);
  put16(out, message.id, flags, message.questions.length, answers, 0, message.code > 0xf ? 1 : 0);
}

/** The upper bits of a code travel in a record of their own. */
function extended(out: number[], code: number): void {
  out.push(0);
  put16(out, OPT, 512, (code >> 4) << 8, 0, 0);
}

/** "\." is a dot inside of a label. */
function putName(out: number[], name: string): void {
  for (const label of name.split(/(?<!\\)\./)) {
    const bytes = Buffer.from(label.replace(/\\([.\\])/g, '$1')).subarray(0, MAX_LABEL);
    if (bytes.length > 0) out.push(bytes.length, ...bytes);
  }
  out.push(0);
}

function put16(out: number[], ...values: readonly number[]): void {
  for (const value of values) out.push((value >> 8) & 0xff, value & 0xff);
}
