/** A device may send any bytes: redaction never raises, never gives back an address that it knows, and ends. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REDACTION_KIND_NAMES, rulesOf } from '../../../electron/bridge/redaction.ts';
import { Redactor } from '../../../electron/redact/index.ts';
import { addressText, parseDns, type Signal, type WindowSignal } from '../../../remote-agent/protocol/index.ts';
import { dnsWindow } from '../../fixtures/flows.ts';
import { deviceSignal } from '../../fixtures/signals.ts';

const SEED = { seed: 77, numRuns: 300 };
const strict = (): Redactor => new Redactor(rulesOf(REDACTION_KIND_NAMES));
/** Only what is found inside of texts: notes themselves stay. */
const inTexts = (): Redactor => new Redactor(rulesOf(['host', 'addresses', 'dns', 'users', 'paths', 'processes']));
const scrubbed = (made: Redactor, text: string): string => {
  const signal: Signal = made.redact({ kind: 'note', atNs: 1, text });
  return signal.kind === 'note' ? signal.text : '';
};

test('any text', () => {
  const unit = fc.constantFrom(...'aZ9.:/@-_=[]%~ "\'\\\u00e4\u{1f600}', '::', '//', '10.0.0.9', 'fe80::1', 'a.com');
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
      expect(scrubbed(inTexts(), units.join(''))).toBeTypeOf('string');
    }),
    SEED,
  );
});

test('an address in any company is found', () => {
  const ipv4 = fc
    .tuple(fc.integer({ min: 11, max: 126 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((bytes) => bytes.join('.'));
  const ipv6 = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .filter((bytes) => bytes[0] === 0x20 || (bytes[0] = 0x2a) === 0x2a)
    .map((bytes) => addressText(bytes));
  const before = fc.constantFrom(
    '',
    ' ',
    'to ',
    'ip=',
    '-h',
    'x-',
    'v',
    '[',
    '"',
    'http://',
    'tcp:',
    '/net/',
    'a,b;',
    '@',
  );
  const after = fc.constantFrom('', ' ', ':80', ':80:80', '/24', ']', '",', ';', ' and more', '%eth0', '.');
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), before, after, (address, head, tail) => {
      expect(scrubbed(inTexts(), head + address + tail)).not.toContain(address);
    }),
    { ...SEED, numRuns: 500 },
  );
});

test('long texts without an end', () => {
  const made = inTexts();
  for (const unit of ['a', 'a.', 'a:', '/', 'a@', '-', '1.', '0:', 'é', '::'])
    for (let i = 0; i < 3; i++) expect(scrubbed(made, unit.repeat(4096 / unit.length))).toBeTypeOf('string');
});

test('DNS messages of any bytes become messages that can be read, or nothing', () => {
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    // A right head, so that the rest is taken for records.
    fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.of(0, 1, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0, ...rest)),
  );
  fc.assert(
    fc.property(message, (bytes) => {
      const window = dnsWindow(1, 2, [{ thread: 0, flow: 0, at: 1, incoming: 1, message: bytes }]);
      const written = (strict().redact(window) as WindowSignal).columns[6]?.[0] as Uint8Array;
      if (written.length === 0) return;
      expect(parseDns(written, written.length)?.flaw).toBe('none');
    }),
    { ...SEED, numRuns: 300 },
  );
});

test('a host whose name means something to regular expressions', () => {
  const made = inTexts();
  made.redact(deviceSignal({ hostname: 'a+b(c)[d' }));
  expect(scrubbed(made, 'on a+b(c)[d today')).toBeTypeOf('string');
});
