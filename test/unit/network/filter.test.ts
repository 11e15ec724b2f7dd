import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  complete,
  type FieldName,
  FIELDS,
  parseFilter,
  subnetOf,
  type ValuesOf,
  withoutTerms,
  withTerm,
} from '../../../renderer/derive/flows/index.ts';
import { parseAmount, parsePort } from '../../../renderer/derive/flows/filter/amount.ts';
import { tokens } from '../../../renderer/derive/flows/filter/tokens.ts';
import { parseAddress } from '../../../remote-agent/protocol/address.ts';
import { isInNetwork, parseNetwork } from '../../../renderer/derive/flows/filter/address.ts';

describe('tokens', () => {
  it('cuts a text into terms and says where they are', () => {
    const text = '  port:1883 -proc:"my broker" !/a b\\/c[/ ]/i free';
    expect(tokens(text).map(({ from, to }) => text.slice(from, to))).toEqual([
      'port:1883',
      '-proc:"my broker"',
      '!/a b\\/c[/ ]/i',
      'free',
    ]);
    expect(tokens(text).map(({ isNegated, field, value }) => [isNegated, field, value])).toEqual([
      [false, 'port', { kind: 'plain', text: '1883' }],
      [true, 'proc', { kind: 'quoted', text: 'my broker', isClosed: true }],
      [true, null, { kind: 'regex', source: 'a b\\/c[/ ]', flags: 'i', isClosed: true }],
      [false, null, { kind: 'plain', text: 'free' }],
    ]);
  });

  it('goes on to the end where a quote or a slash is not closed', () => {
    expect(tokens('proc:"a b')).toMatchObject([{ to: 9, value: { kind: 'quoted', text: 'a b', isClosed: false } }]);
    expect(tokens('/a\\')).toMatchObject([{ to: 3, value: { kind: 'regex', source: 'a\\', isClosed: false } }]);
  });

  it('covers every character that is no space, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:"/\\-! .,>5'), maxLength: 40 }), (text) => {
        let at = 0;
        for (const { from, to } of tokens(text)) {
          expect(to).toBeGreaterThan(from);
          expect(text.slice(at, from).trim()).toBe('');
          at = to;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
    );
  });
});

describe('amounts', () => {
  it.each([
    ['>50ms', 'ns', 50e6, Number.POSITIVE_INFINITY, true, false],
    ['<=1.5s', 'ns', Number.NEGATIVE_INFINITY, 1.5e9, false, false],
    ['200us..5ms', 'ns', 200e3, 5e6, false, false],
    ['>1MB', 'bytes', 1e6, Number.POSITIVE_INFINITY, true, false],
    ['2KiB', 'bytes', 2048, 2048, false, false],
    ['0', 'count', 0, 0, false, false],
  ] as const)('%s of %s', (text, unit, low, high, isLowOpen, isHighOpen) => {
    expect(parseAmount(text, unit)).toEqual({ low, high, isLowOpen, isHighOpen });
  });

  it('says what is wrong', () => {
    expect(parseAmount('>5xs', 'ns')).toMatch(/“xs” is no unit/);
    expect(parseAmount('much', 'bytes')).toMatch(/>1MB/);
    expect(parseAmount('>', 'count')).toMatch(/>0/);
    expect([parsePort('70000'), parsePort('1-2-3'), parsePort('http')]).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining('a port is')),
    );
  });
});

describe('networks', () => {
  const isIn = (network: string, address: string) =>
    isInNetwork(parseNetwork(network)!, parseAddress(address) ?? new Uint8Array(0));

  it('compares the first bits', () => {
    expect(isIn('10.0.0.0/8', '10.255.3.4')).toBe(true);
    expect(isIn('10.0.0.0/8', '11.0.0.1')).toBe(false);
    expect(isIn('192.168.4.0/22', '192.168.7.255')).toBe(true);
    expect(isIn('192.168.4.0/22', '192.168.8.0')).toBe(false);
    expect(isIn('2001:db8::/32', '2001:db8:20::1f')).toBe(true);
    expect(isIn('::/0', '2001:db8::1')).toBe(true);
    expect(isIn('0.0.0.0/0', '2001:db8::1')).toBe(false);
    expect(isIn('10.0.0.1', '')).toBe(false);
  });

  it('groups by /24 and /64', () => {
    expect(subnetOf('192.168.7.13')).toBe('192.168.7.0/24');
    expect(subnetOf('2001:db8:20:1:2:3:4:5')).toBe('2001:db8:20:1::/64');
    expect(subnetOf('fe80::1')).toBe('fe80::/64');
    expect(subnetOf('broker')).toBe('broker');
  });
});

describe('parseFilter', () => {
  const wrong = (text: string) =>
    parseFilter(text).errors.map(({ from, to, message }) => [text.slice(from, to), message]);

  it('keeps what it can read and says where the rest is', () => {
    const text = 'port:1883 rtt:>5xs state:est';
    expect(parseFilter(text).terms).toHaveLength(2);
    expect(wrong(text)).toEqual([['rtt:>5xs', expect.stringContaining('no unit')]]);
  });

  it.each([
    ['colour:red', /no field “colour”/],
    ['port:', /port:1883/],
    ['state:broken', /one of established/],
    ['ip:broker', /host: also takes names/],
    ['remote:10.0.0.0/40', /no network/],
    ['proc:/(/', /not a regular expression/],
    ['proc:/a/g', /only i is/],
    ['rtt:/a/', /takes no regular expression/],
    ['-', /nothing to look for/],
  ])('%s', (text, message) => {
    expect(wrong(text)).toEqual([[text, expect.stringMatching(message)]]);
  });

  it('reads every example of every field', () => {
    for (const { example } of FIELDS) expect([example, wrong(example)]).toEqual([example, []]);
  });

  it('raises on nothing', () => {
    const pieces = fc.constantFrom(
      'port:',
      'rtt:',
      'ip:',
      'proc:',
      '/',
      '"',
      '-',
      '>',
      '1',
      'ms',
      'a',
      ' ',
      ',',
      '10.0.0.0/8',
      '(',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const { terms, errors } = parseFilter(text);
        expect(terms.length + errors.length).toBe(tokens(text).length);
      }),
    );
  });
});

describe('complete', () => {
  const values: ValuesOf = (field: FieldName) =>
    field === 'proc'
      ? [
          { text: 'mosquitto', detail: '6 flows' },
          { text: 'my broker', detail: '1 flow' },
        ]
      : [];
  const offered = (text: string, caret = text.length) =>
    complete(text, caret, values).options.map(({ insert }) => insert);

  it('offers fields, then the values there are', () => {
    expect(offered('po')).toEqual(['port:']);
    expect(offered('port:1883 ret')).toEqual(['retrans:']);
    expect(offered('proc:')).toEqual(['mosquitto', '"my broker"']);
    expect(offered('-proc:mos')).toEqual(['mosquitto']);
    expect(complete('proc:a,mo', 9, values)).toMatchObject({ from: 7, to: 9 });
    expect(offered('')).toHaveLength(FIELDS.length);
  });

  it('offers nothing where all is said', () => {
    expect(offered('proc:mosquitto')).toEqual([]);
    expect(offered('/abc')).toEqual([]);
  });
});

describe('terms of a text', () => {
  it('takes the place of a term of the same field, or comes last', () => {
    expect(withTerm('', 'proc', '412')).toBe('proc:412');
    expect(withTerm('port:1883 process:a rtt:>1ms', 'proc', 'my broker')).toBe('port:1883 proc:"my broker" rtt:>1ms');
    expect(withTerm('-proc:a', 'proc', 'b')).toBe('-proc:a proc:b');
    expect(withoutTerms('port:1 remote:10.0.0.1 -remote:10.0.0.2', ['remote'])).toBe('port:1 -remote:10.0.0.2');
  });
});
