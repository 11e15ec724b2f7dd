/**
 * Reads a message forward and never beyond its end. What cannot be read is 0 or '' and leaves a flaw; whoever reads asks
 * for it where a record is whole or not, instead of after every byte.
 */
import { deviceText } from '../../text.ts';

/** cut: the message went on, what there is of it ends here. malformed: it does not say what it claims to. */
export type DnsFlaw = 'none' | 'cut' | 'malformed';

/** RFC 1035, in bytes as they travel, the last empty label included. */
const MAX_NAME_BYTES = 255;
const MAX_LABEL_TEXT = 256;
const POINTER = 0xc0;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

export class DnsReader {
  flaw: DnsFlaw = 'none';

  /**
   * @param bytes what there is of the message, from its beginning
   * @param end where reading ends; pointers of names may still lead anywhere before
   * @param isWhole false: the message was longer than `bytes`
   */
  constructor(
    readonly bytes: Uint8Array,
    private readonly isWhole: boolean,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.take(1) ? (this.bytes[this.at - 1] ?? 0) : 0;
  }

  u16(): number {
    const high = this.u8();
    return (high << 8) | this.u8();
  }

  u32(): number {
    const high = this.u16();
    return high * 0x10000 + this.u16();
  }

  /** A view; empty where there are not so many. */
  slice(length: number): Uint8Array {
    return this.take(length) ? this.bytes.subarray(this.at - length, this.at) : this.bytes.subarray(0, 0);
  }

  /** A reader of the next `length` bytes, which it moves over. */
  part(length: number): DnsReader {
    const begin = this.at;
    return this.take(length)
      ? new DnsReader(this.bytes, this.isWhole, begin, begin + length)
      : new DnsReader(this.bytes, this.isWhole, begin, begin);
  }

  /** "example.com"; "." is the root. Dots and backslashes inside a label come as "\." and "\\". */
  name(): string {
    const labels: string[] = [];
    let at = this.at;
    let end = this.end;
    let lowest = at; // pointers lead to what stood before: each one further back, so none of them can go in a circle
    let after = -1; // where reading goes on: behind the first pointer
    let bytes = 1;
    for (;;) {
      const length = at < end ? (this.bytes[at] ?? 0) : -1;
      if (length < 0) return this.missing();
      at += 1;
      if (length === 0) break;
      if (length >= POINTER) {
        if (at >= end) return this.missing();
        const target = ((length & ~POINTER) << 8) | (this.bytes[at] ?? 0);
        if (target >= lowest) return this.fail('malformed');
        if (after < 0) after = at + 1;
        at = lowest = target;
        end = this.bytes.length;
        continue;
      }
      bytes += length + 1;
      if (length >= 64 || bytes > MAX_NAME_BYTES) return this.fail('malformed');
      if (at + length > end) return this.missing();
      labels.push(labelText(this.bytes.subarray(at, at + length)));
      at += length;
    }
    this.at = after < 0 ? at : after;
    return labels.length === 0 ? '.' : labels.join('.');
  }

  private take(length: number): boolean {
    if (this.at + length <= this.end) {
      this.at += length;
      return true;
    }
    this.missing();
    return false;
  }

  /** Bytes are wanted from behind the end. */
  private missing(): '' {
    return this.fail(this.isWhole || this.end < this.bytes.length ? 'malformed' : 'cut');
  }

  private fail(flaw: DnsFlaw): '' {
    if (this.flaw === 'none') this.flaw = flaw;
    this.at = this.end;
    return '';
  }
}

/** Whatever bytes a label has, its text is on one line and cannot be taken for two labels. */
function labelText(label: Uint8Array): string {
  let text = '';
  let begin = 0;
  for (let i = 0; i < label.length; i++) {
    if (label[i] !== DOT && label[i] !== BACKSLASH) continue;
    text += `${deviceText(label.subarray(begin, i), MAX_LABEL_TEXT)}\\${label[i] === DOT ? '.' : '\\'}`;
    begin = i + 1;
  }
  return text + deviceText(label.subarray(begin), MAX_LABEL_TEXT);
}
