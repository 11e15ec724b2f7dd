import { describe, expect, test } from 'vitest';
import { suggestedExportName } from '../../../renderer/app/export-name.ts';
import { keyFileOf } from '../../../renderer/app/prompts/host-key-prompt.tsx';
import { identityFacts, uptimeSeconds } from '../../../renderer/app/workspace/identity.ts';
import { valueAxis } from '../../../renderer/widgets/axis.ts';
import { faultText, sentence } from '../../../renderer/widgets/fault-card.tsx';
import {
  formatBytes,
  formatCount,
  formatDeviceInstant,
  formatDeviceTime,
  formatDuration,
  formatNs,
  formatNsRange,
  formatRate,
  formatShare,
  formatShort,
  formatStopwatch,
  formatWhen,
  fileName,
} from '../../../renderer/widgets/format.ts';
import { deviceSignal } from '../../fixtures/signals.ts';

describe('numbers', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [14_200_000, '14.2 MB'],
    [2_053_000_000, '2.05 GB'],
    [9e15, '9000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0, '0 %'],
    [0.00001, '< 0.01 %'],
    [0.0005, '0.05 %'],
    [0.0169, '1.69 %'],
    [0.5, '50.0 %'],
    [0.99999, '> 99.9 %'],
    [1, '100 %'],
  ])('a share of %d is %s', (share, text) => expect(formatShare(share)).toBe(text));

  test.each([
    [0.0004, '0 ms'],
    [0.85, '850 ms'],
    [3.44, '3.4 s'],
    [59.96, '1 min 00 s'],
    [185, '3 min 05 s'],
    [8040, '2 h 14 min'],
    [1_047_600, '12 d 3 h'],
  ])('%d s last %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test('long counts are grouped, stopwatches run', () => {
    expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567');
    expect(formatCount(999)).toBe('999');
    expect([7.9, 750, 3723].map(formatStopwatch)).toEqual(['0:07', '12:30', '1:02:03']);
  });

  test('days are counted by calendar', () => {
    const noon = new Date(2026, 4, 3, 12, 0).getTime();
    expect(formatWhen(new Date(2026, 4, 3, 0, 5).getTime(), noon)).toBe('today 00:05');
    expect(formatWhen(new Date(2026, 4, 2, 23, 59).getTime(), noon)).toBe('yesterday 23:59');
    expect(formatWhen(new Date(2024, 4, 3, 1, 1).getTime(), noon)).toBe('3 May 2024');
  });

  test('file names of any system', () => {
    expect(['/a/b.mcap', 'C:\\a\\b.mcap', 'b.mcap'].map(fileName)).toEqual(['b.mcap', 'b.mcap', 'b.mcap']);
  });
});

test.each([
  [0, 1, 1],
  [5, 6, 6],
  [6.01, 6, 8],
  [396, 1, 400],
  [401, 1, 600],
  [0.3, 0, 0.4],
  [10, 1, 10],
])('an axis for %d, at least %d, ends at %d', (highest, atLeast, top) => {
  const { domain, ticks } = valueAxis(highest, atLeast);
  expect(domain[1]).toBeCloseTo(top);
  expect(ticks).toEqual([0, domain[1] / 2, domain[1]]);
});

describe('words', () => {
  test('a fault is a sentence on screen and whole when copied', () => {
    expect(sentence('cannot start x: no y')).toBe('Cannot start x: no y.');
    expect(sentence('Why not?')).toBe('Why not?');
    expect(faultText({ code: 'file-io', message: 'm', hint: 'h', detail: 'd' })).toBe('m (file-io)\n\nh\n\nd');
  });

  test.each([
    ['ssh-ed25519', 'ed25519'],
    ['ecdsa-sha2-nistp256', 'ecdsa'],
    ['rsa-sha2-512', 'rsa'],
  ])('the public half of %s', (algorithm, kind) =>
    expect(keyFileOf(algorithm)).toBe(`/etc/ssh/ssh_host_${kind}_key.pub`),
  );

  test('an export is named after the device and the time, and harmless', () => {
    const at = new Date(2026, 4, 3, 14, 2, 11).getTime();
    expect(suggestedExportName('gateway-7', at, { format: 'pprof', table: null })).toBe(
      'gateway-7 2026-05-03 14-02-11.pb.gz',
    );
    expect(suggestedExportName('../../etc/\u0000x', at, { format: 'folded', table: null })).toBe(
      '.._.._etc_x 2026-05-03 14-02-11.folded',
    );
    expect(suggestedExportName('gateway-7', at, { format: 'csv', table: 'slow' })).toMatch(/ 14-02-11 slow\.csv$/);
    expect(suggestedExportName('', at, { format: 'speedscope', table: null })).toMatch(/^device .*\.speedscope\.json$/);
  });

  test('uptime ticks with the data, and counts sleep', () => {
    const device = deviceSignal({ startNs: 1000e9 });
    expect(uptimeSeconds(device, 0, 0)).toBe(1000);
    expect(uptimeSeconds(device, 1000e9, 1042e9)).toBe(1042);
    expect(uptimeSeconds({ ...device, uptimeNs: 5000e9 }, 1000e9, 1042e9)).toBe(5042);
    expect(identityFacts({ ...device, osName: '' }, 90)).not.toContain('');
  });
});

test.each([
  [0, '0 ns', '0 ns'],
  [850, '850 ns', '850 ns'],
  [999.7, '1.00 µs', '1.0 µs'],
  [12_400, '12.4 µs', '12 µs'],
  [1.2e6, '1.20 ms', '1.2 ms'],
  [999.6e3, '1.00 ms', '1.0 ms'],
  [3.41e9, '3.41 s', '3.4 s'],
  [125e9, '2 min 05 s', '2 min 05 s'],
])('%d ns: three figures where it is exact, two where it is not', (ns, exact, about) =>
  expect([formatNs(ns), formatNs(ns, 2)]).toEqual([exact, about]),
);

test.each([
  [0, 2, '0–2 ns'],
  [512, 1024, '512–1024 ns'],
  [8192, 16_384, '8.2–16.4 µs'],
  [2 ** 39, 2 ** 40, '550–1100 s'],
])('%d to %d ns: both ends in one unit', (from, to, text) => expect(formatNsRange(from, to)).toBe(text));

test.each([
  [0, '0', '0'],
  [0.001, '< 0.01', '0.001'],
  [0.5, '0.50', '0.5'],
  [3.24, '3.2', '3.24'],
  [9.97, '10', '9.97'],
  [1204, '1\u202f204', '1.2k'],
  [999_900, '999\u202f900', '1M'],
])('%d per second', (rate, inTable, onAxis) =>
  expect([formatRate(rate), formatShort(rate)]).toEqual([inTable, onAxis]),
);

test.each([
  [0, '0:00.000'],
  [1_000_500_000, '0:01.000'],
  [61_999_999_900, '1:01.999'],
])('%d ns since the device started, to the millisecond', (ns, text) =>
  expect(formatDeviceInstant(ns, null)).toBe(text),
);

test('an instant is of the same second as its time of day, also just before the next', () => {
  const wallOffsetMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  for (const ns of [0, 999_000, 999_000_000, 999_999_000, 1_000_000_000, 268_412_482_100_000]) {
    const ms = Math.floor(ns / 1e6) % 1000;
    const text = `${formatDeviceTime(ns, wallOffsetMs)}.${String(ms).padStart(3, '0')}`;
    expect(formatDeviceInstant(ns, wallOffsetMs)).toBe(text);
  }
});
