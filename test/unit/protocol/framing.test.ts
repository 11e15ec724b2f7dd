import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../remote-agent/protocol/fault.ts';
import { encodeFrame, encodePreamble, FrameReader, MAX_FRAME_LENGTH } from '../../../remote-agent/protocol/framing.ts';
import { seeded } from './seeded.ts';

const text = (value: string) => new TextEncoder().encode(value);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function faultCode(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FaultError) return error.fault.code;
    throw error;
  }
  return 'none';
}

describe('a payload', () => {
  it('can be copied by slice(), whatever kind of bytes it came in', () => {
    const reader = new FrameReader();
    const chunk = Buffer.from(join(encodePreamble(), encodeFrame(text('hi')), encodeFrame(text('you'))));
    const copies = reader.push(chunk).map((payload) => payload.slice());
    expect(copies).toEqual([text('hi'), text('you')]);
    for (const copy of copies) expect(copy.buffer.byteLength).toBe(copy.length);
  });
});

describe('preamble', () => {
  it('has these bytes for ever', () => {
    expect(Buffer.from(encodePreamble()).toString('hex')).toBe('8d534f4e44450d0a' + '0100' + '0000');
  });

  it('is found behind what a login shell prints', () => {
    const banner = text('Welcome to edge-17!\n\x1b[31mNo mail.\x1b[0m\n');
    const reader = new FrameReader();
    expect(reader.push(join(banner, encodePreamble(), encodeFrame(text('hi'))))).toEqual([text('hi')]);
    expect(reader.version).toEqual({ major: 1, minor: 0 });
    expect(reader.junkText).toBe('Welcome to edge-17!\\x0a\\x1b[31mNo mail.\\x1b[0m\\x0a');
  });

  it('is found behind its own beginning', () => {
    const reader = new FrameReader();
    expect(reader.push(join(encodePreamble().slice(0, 5), encodePreamble(), encodeFrame(text('x'))))).toEqual([
      text('x'),
    ]);
  });

  it('accepts a newer minor and refuses another major', () => {
    expect(new FrameReader().push(encodePreamble({ major: 1, minor: 9 }))).toEqual([]);
    expect(faultCode(() => new FrameReader().push(encodePreamble({ major: 2, minor: 0 })))).toBe('agent-version');
  });

  it('gives up after 64 KiB of something else, and says what it was', () => {
    const reader = new FrameReader();
    reader.push(text('sh: 1: loader: not found\n'));
    expect(reader.junkText).toContain('not found');
    expect(faultCode(() => reader.push(new Uint8Array(64 << 10)))).toBe('out-of-sync');
    expect(faultCode(() => reader.push(encodePreamble()))).toBe('out-of-sync');
    const late = new FrameReader();
    expect(faultCode(() => late.push(join(new Uint8Array((64 << 10) + 1), encodePreamble())))).toBe('out-of-sync');
  });
});

describe('frames', () => {
  it('have these bytes for ever', () => {
    expect(Buffer.from(encodeFrame(text('abc'))).toString('hex')).toBe('03000000' + '616263');
  });

  it('arrive whole wherever the stream is split', () => {
    const payloads = [text('one'), new Uint8Array(0), text('three'), new Uint8Array(300).fill(7)];
    const stream = join(text('junk\x8dS'), encodePreamble(), ...payloads.map(encodeFrame));
    for (let first = 0; first <= stream.length; first++) {
      for (const second of [first, first + 1, first + 5, stream.length]) {
        const reader = new FrameReader();
        const parts = [stream.slice(0, first), stream.slice(first, second), stream.slice(second)];
        expect(parts.flatMap((part) => reader.push(part))).toEqual(payloads);
      }
    }
  });

  it('arrive whole in chunks of any size', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (payloads, sizes) => {
        const stream = join(encodePreamble(), ...payloads.map(encodeFrame));
        const reader = new FrameReader();
        const got: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          got.push(...reader.push(stream.slice(at, at + size)));
          at += size;
        }
        expect(got).toEqual(payloads);
      }),
    );
  });

  it('give nothing while they are cut short', () => {
    const stream = join(encodePreamble(), encodeFrame(text('whole')));
    for (let end = 0; end < stream.length; end++) expect(new FrameReader().push(stream.slice(0, end))).toEqual([]);
  });

  it('are views of the chunk they lie in', () => {
    const stream = join(encodePreamble(), encodeFrame(text('whole')));
    expect(new FrameReader().push(stream)[0]?.buffer).toBe(stream.buffer);
  });

  it('longer than 4 MiB are refused before memory is taken', () => {
    const reader = new FrameReader();
    reader.push(encodePreamble());
    expect(faultCode(() => reader.push(Uint8Array.of(1, 0, 0x40, 0)))).toBe('out-of-sync');
    expect(() => encodeFrame(new Uint8Array(MAX_FRAME_LENGTH + 1))).toThrow();
  });

  it('of random bytes end in a fault or in frames, never in anything else', () => {
    const { seed, random, bytes } = seeded();
    for (let round = 0; round < 300; round++) {
      const reader = new FrameReader();
      const start = random() < 0.5 ? encodePreamble() : new Uint8Array(0);
      const code = faultCode(() => reader.push(join(start, bytes(Math.floor(random() * 2000)))));
      expect(['none', 'out-of-sync', 'agent-version'], `seed ${seed}`).toContain(code);
    }
  });
});
