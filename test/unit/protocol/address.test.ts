import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { addressText, parseAddress } from '../../../remote-agent/protocol/index.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('text of an address', () => {
  // RFC 5952, section by section.
  test.each([
    ['c0a80114', '192.168.1.20'],
    ['00000000', '0.0.0.0'],
    ['ffffffff', '255.255.255.255'],
    ['20010db8 00000000 00000000 00000001', '2001:db8::1'],
    ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'], // the first of two equally long
    ['20010db8 00000000 00010000 00000000', '2001:db8:0:0:1::'], // the longer one
    ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'], // a single group is not shortened
    ['00000000 00000000 00000000 00000000', '::'],
    ['00000000 00000000 00000000 00000001', '::1'],
    ['fe800000 00000000 ABCDEF01 00000a00', 'fe80::abcd:ef01:0:a00'],
    ['00000000 00000000 0000ffff 0a000002', '::ffff:10.0.0.2'],
  ])('%s is %s', (hex, text) => expect(addressText(bytes(hex))).toBe(text));

  it('is canonical: as the URL parser of the platform has it', () => {
    const hextet = fc.oneof(fc.constant(0), fc.constant(0), fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(hextet, { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre(!(groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0))); // WHATWG has no dots
        const address = Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
        const long = groups.map((group) => group.toString(16)).join(':');
        expect(`[${addressText(address)}]`).toBe(new URL(`http://[${long}]/`).hostname);
      }),
    );
  });
});

describe('an address from text', () => {
  it('is what the text was made from', () => {
    const some = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(fc.oneof(some(4), some(16)), (address) => {
        expect(parseAddress(addressText(address))).toEqual(address);
      }),
    );
  });

  test.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::1.2.3.4', '::102:304'],
  ])('%s is %s', (text, canonical) => expect(addressText(parseAddress(text) ?? bytes(''))).toBe(canonical));

  test.each(['', ':', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4 ', ':::', '::1::', '1:2:3:4:5:6:7'])(
    'is not in %j',
    (text) => expect(parseAddress(text)).toBeNull(),
  );

  it('is only where the platform sees one too', () => {
    const near = fc.array(fc.constantFrom(...'0123456789abcdefg:.:.% '), { maxLength: 20 }).map((all) => all.join(''));
    fc.assert(
      fc.property(near, (text) => {
        const isAddress = isIP(text) !== 0 && !text.includes('%');
        expect(parseAddress(text) !== null).toBe(isAddress);
      }),
      { numRuns: 3000 },
    );
  });
});
