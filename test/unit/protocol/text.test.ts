import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceText, safeText } from '../../../remote-agent/protocol/text.ts';

const bytes = (...parts: (string | number)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));

describe('deviceText', () => {
  it.each([
    ['plain', bytes('mosquitto'), 'mosquitto'],
    ['UTF-8', bytes('météo 温度 🌡'), 'météo 温度 🌡'],
    ['a lone invalid byte', bytes('a', 0xff, 'b'), 'a\\xffb'],
    ['a cut character', bytes('a', 0xe6, 0xb8), 'a\\xe6\\xb8'],
    ['an overlong slash', bytes(0xc0, 0xaf), '\\xc0\\xaf'],
    ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
    ['valid beside invalid', bytes('é', 0x80, '温'), 'é\\x80温'],
    ['terminal escapes', bytes(0x1b, '[31mred', 0x07), '\\x1b[31mred\\x07'],
    ['line ends', bytes('a\nb\r\tc'), 'a\\x0ab\\x0d\\x09c'],
    ['C1 controls', bytes('a\u0085b'), 'a\\x85b'],
    ['bidi override', bytes('exe\u202etxt'), 'exe\\u{202e}txt'],
    ['isolates and zero width', bytes('\u2066a\u200b\ufeff'), '\\u{2066}a\\u{200b}\\u{feff}'],
    ['line separator', bytes('a\u2028b'), 'a\\u{2028}b'],
    ['tag characters', bytes('\u{e0041}'), '\\u{e0041}'],
    ['a backslash stays', bytes('dev-disk\\x2duuid'), 'dev-disk\\x2duuid'],
    ['nothing', bytes(), ''],
  ])('%s', (_what, input, text) => {
    expect(deviceText(input, 100)).toBe(text);
  });

  it('cuts with an ellipsis, and never through a surrogate pair', () => {
    expect(deviceText(bytes('abcdef'), 6)).toBe('abcdef');
    expect(deviceText(bytes('abcdefg'), 6)).toBe('abcde…');
    expect(deviceText(bytes('abc🌡🌡'), 5)).toBe('abc…');
    expect(deviceText(bytes('abc'), 0)).toBe('');
  });

  it('gives one safe, bounded line for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 200 }), (input, maxLength) => {
        const text = deviceText(input, maxLength);
        expect(text.length).toBeLessThanOrEqual(maxLength);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(text).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  it('keeps what is already safe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (input) => {
        fc.pre(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(input));
        expect(deviceText(new TextEncoder().encode(input), 1000)).toBe(input);
      }),
    );
  });

  it('is the same for strings, lone surrogates included', () => {
    expect(safeText('a\u202eb\ud800', 100)).toBe('a\\u{202e}b\\u{d800}');
    expect(safeText('a\nb', 100)).toBe('a\\x0ab');
  });
});
