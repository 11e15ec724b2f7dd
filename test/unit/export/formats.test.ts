/** Each format on the same small profile, whole. */
import { expect, test } from 'vitest';
import { EXPORTERS } from '../../../electron/export/index.ts';
import {
  exported,
  foldedStacks,
  pprofFile,
  pprofStacks,
  profileOfStacks,
  speedscopeFile,
  speedscopeStacks,
} from './helpers.ts';

const STACKS = `
  process  nginx     nginx   nginx                  sh
  thread   nginx     worker  worker                 sh
  samples  30        20      1                      49
  second   0         1       1                      2
  ---
           main      main    main                   main
           loop      loop    _ZN3foo3barEv@libfoo.so  0x1234@libc.so
           read_[k]  run_[j]
`;
const OPTIONS = { lost: { 'map-full': 7 }, idle: 100 };

test('the list is alphabetical', () => {
  const formats = EXPORTERS.map((exporter) => exporter.format);
  expect(formats).toEqual(formats.toSorted());
});

test('folded', async () => {
  expect(exported('folded', await profileOfStacks(STACKS, OPTIONS)).toString()).toMatchInlineSnapshot(`
    "# device: edge-box, Debian GNU/Linux 12 (bookworm), kernel 6.1.0-41-amd64 (x86_64)
    # sampled: 99 Hz on 2 CPUs for 3.0 s
    # samples: 100 kept of 407 seen, 300 idle, 0 filtered, 0 with an incomplete stack
    # lost: 7 samples: the kernel table of counts was full
    # start: 2026-01-02T03:04:05.000Z by the device's clock
    nginx;main;foo::bar() 1
    nginx;main;loop;read_[k] 30
    nginx;main;loop;run_[j] 20
    sh;main;libc.so+0x1200 49
    "
  `);
});

test('folded: flamegraph.pl takes the stacks and none of the facts', async () => {
  const stacks = foldedStacks(await profileOfStacks(STACKS, OPTIONS));
  expect(stacks).toHaveLength(4);
  expect(stacks.every((line) => !line.startsWith('#'))).toBe(true);
});

test('speedscope', async () => {
  const file = speedscopeFile(await profileOfStacks(STACKS, OPTIONS));
  expect(file).toMatchInlineSnapshot(`
    {
      "$schema": "https://www.speedscope.app/file-format-schema.json",
      "activeProfileIndex": 0,
      "exporter": "sonde 0.1.0",
      "name": "edge-box 2026-01-02 03:04:05",
      "profiles": [
        {
          "endValue": 1010101010,
          "name": "all processes",
          "samples": [
            [
              3,
              0,
              1,
              2,
            ],
            [
              3,
              0,
              1,
              4,
            ],
            [
              3,
              0,
              5,
            ],
            [
              8,
              6,
              7,
            ],
          ],
          "startValue": 0,
          "type": "sampled",
          "unit": "nanoseconds",
          "weights": [
            303030303,
            202020202,
            10101010,
            494949495,
          ],
        },
        {
          "endValue": 494949495,
          "name": "sh (102) / sh (102)",
          "samples": [
            [
              6,
              7,
            ],
          ],
          "startValue": 0,
          "type": "sampled",
          "unit": "nanoseconds",
          "weights": [
            494949495,
          ],
        },
        {
          "endValue": 303030303,
          "name": "nginx (101) / nginx (101)",
          "samples": [
            [
              0,
              1,
              2,
            ],
          ],
          "startValue": 0,
          "type": "sampled",
          "unit": "nanoseconds",
          "weights": [
            303030303,
          ],
        },
        {
          "endValue": 212121212,
          "name": "nginx (101) / worker (10002)",
          "samples": [
            [
              0,
              1,
              4,
            ],
            [
              0,
              5,
            ],
          ],
          "startValue": 0,
          "type": "sampled",
          "unit": "nanoseconds",
          "weights": [
            202020202,
            10101010,
          ],
        },
      ],
      "shared": {
        "frames": [
          {
            "file": "/usr/bin/nginx",
            "name": "main",
          },
          {
            "file": "/usr/bin/nginx",
            "name": "loop",
          },
          {
            "file": "[kernel]",
            "name": "read",
          },
          {
            "name": "nginx (101)",
          },
          {
            "name": "run",
          },
          {
            "file": "/usr/lib/libfoo.so",
            "name": "foo::bar()",
          },
          {
            "file": "/usr/bin/sh",
            "name": "main",
          },
          {
            "file": "/usr/lib/libc.so",
            "name": "libc.so+0x1200",
          },
          {
            "name": "sh (102)",
          },
        ],
      },
      "sonde": [
        "device: edge-box, Debian GNU/Linux 12 (bookworm), kernel 6.1.0-41-amd64 (x86_64)",
        "sampled: 99 Hz on 2 CPUs for 3.0 s",
        "samples: 100 kept of 407 seen, 300 idle, 0 filtered, 0 with an incomplete stack",
        "lost: 7 samples: the kernel table of counts was full",
        "start: 2026-01-02T03:04:05.000Z by the device's clock",
      ],
    }
  `);
  const total = (100 * 1e9) / 99;
  expect(file.profiles[0]?.endValue).toBeCloseTo(total, -2);
});

test('speedscope: everything, then threads by weight', async () => {
  const file = speedscopeFile(await profileOfStacks(STACKS, { ...OPTIONS, hz: 100 }));
  expect(file.profiles.map((profile) => profile.name)).toEqual([
    'all processes',
    'sh (102) / sh (102)',
    'nginx (101) / nginx (101)',
    'nginx (101) / worker (10002)',
  ]);
  expect(speedscopeStacks(file, 0)).toEqual([
    'nginx (101);main;foo::bar() 10000000',
    'nginx (101);main;loop;read 300000000',
    'nginx (101);main;loop;run 200000000',
    'sh (102);main;libc.so+0x1200 490000000',
  ]);
  expect(speedscopeStacks(file, 2)).toEqual(['main;loop;read 300000000']);
});

test('pprof', async () => {
  const file = pprofFile(await profileOfStacks(STACKS, OPTIONS));
  const text = (index: number | bigint): string => file.stringTable.strings[Number(index)] ?? '?';
  expect(pprofStacks(file)).toEqual(['main;0x1234 49', 'main;foo::bar() 1', 'main;loop;read 30', 'main;loop;run 20']);
  expect(file.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`)).toEqual([
    'samples/count',
    'cpu/nanoseconds',
  ]);
  expect(file.sample.map(({ value }) => value.map(Number))).toEqual(
    [30, 20, 1, 49].map((count) => [count, Math.round((count * 1e9) / 99)]),
  );
  expect(file.mapping.map(({ id, filename, buildId }) => `${id} ${text(filename)} ${text(buildId).length}`)).toEqual([
    '1 [kernel] 40',
    '2 /usr/bin/nginx 40',
    '3 [jit] 0',
    '4 /usr/lib/libfoo.so 40',
    '5 /usr/lib/libc.so 40',
    '6 /usr/bin/sh 40',
  ]);
  const bar = file.function.find(({ name }) => text(name) === 'foo::bar()');
  expect(text(bar?.systemName ?? 0)).toBe('_ZN3foo3barEv');
  expect(
    file.sample.map(({ label }) => label.map(({ key, str, num }) => `${text(key)}=${text(str) || num}`).join(' ')),
  ).toEqual([
    'process=nginx pid=101 thread=nginx tid=101 unit=nginx.service',
    'process=nginx pid=101 thread=worker tid=10002 unit=nginx.service',
    'process=nginx pid=101 thread=worker tid=10002 unit=nginx.service',
    'process=sh pid=102 thread=sh tid=102 unit=sh.service',
  ]);
  expect({
    period: Number(file.period),
    duration: Number(file.durationNanos),
    start: new Date(Number(BigInt(file.timeNanos) / 1_000_000n)).toISOString(),
  }).toEqual({
    period: Math.round(1e9 / 99),
    duration: 3e9,
    start: '2026-01-02T03:04:05.000Z',
  });
  expect(file.comment.map(text)).toContain('lost: 7 samples: the kernel table of counts was full');
  expect(text(file.defaultSampleType)).toBe('cpu');
});
