/**
 * Gives the one memory of a WebAssembly module an upper bound, which its compiler left out.
 *
 *      ┌─ 8 bytes ─┬─ section ────────────────┬ …      memory section (id 5):
 *      │ \0asm 1   │ id, size (LEB128), bytes │        count 1, flags 0, min   →   count 1, flags 1, min, max
 */
const PREAMBLE_LENGTH = 8;
const MEMORY_SECTION = 5;
const HAS_MAX = 1;

export function limitMemory(module: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  for (let at = PREAMBLE_LENGTH; at < module.length; ) {
    const size = readUnsigned(module, at + 1);
    const end = size.next + size.value;
    if (module[at] === MEMORY_SECTION) {
      // Count and flags take a byte each.
      const min = readUnsigned(module, size.next + 2);
      const body = [1, HAS_MAX, ...unsigned(min.value), ...unsigned(maxPages)];
      const section = [MEMORY_SECTION, ...unsigned(body.length), ...body];
      return concat(module.subarray(0, at), Uint8Array.from(section), module.subarray(end));
    }
    at = end;
  }
  throw new Error('a WebAssembly module without a memory');
}

function readUnsigned(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7, next++) {
    const byte = bytes[next] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: next + 1 };
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
