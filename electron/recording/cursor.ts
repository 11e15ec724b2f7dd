/** Reads MCAP's little-endian fields one after the other. Beyond the end it throws RangeError, and so does DataView. */
export class Cursor {
  at = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.skip(1));
  }

  u16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.skip(8), true);
  }

  /** A length that must fit into what is left. */
  length64(): number {
    const length = Number(this.u64());
    if (length > this.remaining) throw new RangeError(`${length} bytes where ${this.remaining} are left`);
    return length;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const from = this.skip(length);
    return this.bytes.subarray(from, from + length);
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }

  /** MCAP's map of strings: its length in bytes, then keys and values. */
  texts(): Map<string, string> {
    const entries = new Cursor(this.take(this.u32()));
    const map = new Map<string, string>();
    while (entries.remaining > 0) map.set(entries.text(), entries.text());
    return map;
  }

  private skip(length: number): number {
    if (length > this.remaining) throw new RangeError(`${length} bytes where ${this.remaining} are left`);
    const from = this.at;
    this.at += length;
    return from;
  }
}
