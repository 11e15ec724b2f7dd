/** DNS messages as bytes, with names compressed as servers do it: a second pen, so that the reader is not its own judge. */
export interface WrittenRecord {
  readonly name: string;
  readonly type: number;
  readonly ttl?: number;
  readonly klass?: number;
  /** Bytes as they are, or what writes names that may be compressed. */
  readonly data: readonly number[] | ((pen: DnsPen) => void);
}

export interface WrittenMessage {
  readonly id?: number;
  readonly flags?: number;
  readonly questions?: readonly { readonly name: string; readonly type: number; readonly klass?: number }[];
  readonly answers?: readonly WrittenRecord[];
  readonly authorities?: readonly WrittenRecord[];
  readonly additionals?: readonly WrittenRecord[];
}

export const RESPONSE = 0x8180;
export const QUERY = 0x0100;

export class DnsPen {
  readonly bytes: number[] = [];
  private readonly places = new Map<string, number>();

  u8(...values: number[]): this {
    this.bytes.push(...values);
    return this;
  }

  u16(value: number): this {
    return this.u8((value >> 8) & 0xff, value & 0xff);
  }

  u32(value: number): this {
    return this.u16(Math.floor(value / 0x10000)).u16(value & 0xffff);
  }

  text(text: string): this {
    const bytes = [...new TextEncoder().encode(text)];
    return this.u8(bytes.length, ...bytes);
  }

  /** Dots separate labels, and nothing else. */
  name(name: string): this {
    if (name === '' || name === '.') return this.u8(0);
    const known = this.places.get(name);
    if (known !== undefined) return this.u16(0xc000 | known);
    this.places.set(name, this.bytes.length);
    const [label = '', ...rest] = name.split('.');
    return this.text(label).name(rest.join('.'));
  }

  record({ name, type, ttl = 60, klass = 1, data }: WrittenRecord): this {
    this.name(name).u16(type).u16(klass).u32(ttl).u16(0);
    const begin = this.bytes.length;
    if (typeof data === 'function') data(this);
    else this.u8(...data);
    const length = this.bytes.length - begin;
    this.bytes.splice(begin - 2, 2, length >> 8, length & 0xff);
    return this;
  }
}

export function writeDns(message: WrittenMessage): Uint8Array {
  const { id = 1, flags = RESPONSE, questions = [], answers = [], authorities = [], additionals = [] } = message;
  const pen = new DnsPen().u16(id).u16(flags);
  for (const part of [questions, answers, authorities, additionals]) pen.u16(part.length);
  for (const { name, type, klass = 1 } of questions) pen.name(name).u16(type).u16(klass);
  for (const record of [...answers, ...authorities, ...additionals]) pen.record(record);
  return Uint8Array.from(pen.bytes);
}
