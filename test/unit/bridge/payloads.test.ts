/** What is let through, and one thing wrong at a time. */
import { rulesOf } from '../../../electron/bridge/redaction.ts';
import { describe, expect, test } from 'vitest';
import { isHostToMain, isMainToHost, isPortToHost, MAX_RANGES } from '../../../electron/bridge/index.ts';
import { ARGUMENTS } from '../../../electron/bridge/payloads.ts';

const target = {
  destination: 'ops@edge',
  identityFiles: ['/k'],
  knownHostsFile: null,
  probes: [
    { probe: 'cpu-profile', options: { hz: '99' } },
    { probe: 'syscalls', options: {} },
  ],
};
const [choice] = target.probes;
const settings = { theme: 'dark', probes: ['syscalls'], sampleHz: 49, recordingsFolder: null };
const unattended = { probes: [choice], forS: 60, maxBytes: 1e6, triggers: ['loss'], beforeS: 30, afterS: 30 };

test.each([
  ['app-info', []],
  ['forget-device', ['edge']],
  ['connect', [target]],
  ['connect', [{ ...target, record: false }]],
  ['open-recording', [null]],
  ['open-recording', ['/a.mcap']],
  ['choose-export-file', ['a.json', 'speedscope']],
  ['choose-export-file', ['a.csv', 'csv']],
  ['choose-capture-file', ['a.pcapng']],
  ['open-in-wireshark', ['/a.pcapng']],
  ['note-recording', ['/r/a.sonde.mcap', '']],
  ['delete-recordings', [['/r/a.sonde.mcap'], 'trash']],
  ['set-clean-up-rules', [{ maxBytes: null, maxDays: 30 }]],
  ['set-settings', [settings]],
  ['set-settings', [{ ...settings, recordingsFolder: '/media/disk' }]],
  ['answer-quit', [true]],
] as const)('%s %j is understood', (name, args) => expect(ARGUMENTS[name](args)).toBe(true));

test.each([
  ['app-info', [1]],
  ['app-info', null],
  ['forget-device', []],
  ['forget-device', ['']],
  ['forget-device', ['a', 'b']],
  ['forget-device', [['a']]],
  ['connect', [{ ...target, destination: 'x'.repeat(2000) }]],
  ['connect', [{ ...target, destination: 'a\0b' }]],
  ['connect', [{ ...target, identityFiles: '/k' }]],
  ['connect', [{ ...target, identityFiles: [7] }]],
  ['connect', [{ ...target, probes: [] }]],
  ['connect', [{ ...target, probes: choice }]],
  ['connect', [{ ...target, probes: [{ ...choice, options: { hz: 99 } }] }]],
  ['connect', [{ ...target, probes: [{ ...choice, options: ['hz'] }] }]],
  ['connect', [{ ...target, probes: [{ ...choice, more: 1 }] }]],
  ['connect', [{ ...target, probes: Array.from({ length: 40 }, () => choice) }]],
  ['connect', [{ ...target, record: 'no' }]],
  ['connect', [{ ...target, options: {} }]],
  ['connect', [{ ...target, knownHostsFile: undefined }]],
  ['connect', [{ ...target, password: 'secret' }]],
  ['connect', [Object.create(target)]],
  ['connect', [[target]]],
  ['open-recording', [undefined]],
  ['set-settings', [{ ...settings, theme: 'pink' }]],
  ['set-settings', [{ ...settings, probes: [] }]],
  ['set-settings', [{ ...settings, probes: ['rm'] }]],
  ['set-settings', [{ ...settings, sampleHz: 0 }]],
  ['set-settings', [{ ...settings, sampleHz: '99' }]],
  ['set-settings', [{ ...settings, recordingsFolder: '' }]],
  ['set-settings', [{ ...settings, telemetry: true }]],
  ['answer-quit', ['yes']],
  ['choose-export-file', ['a.json', 'exe']],
  ['open-in-wireshark', ['-i', 'eth0']],
  ['open-in-wireshark', ['a\0b']],
  ['delete-recordings', ['/r/a.sonde.mcap', 'trash']],
  ['delete-recordings', [['/r/a.sonde.mcap'], 'shred']],
  ['set-clean-up-rules', [{ maxBytes: -1, maxDays: null }]],
  ['show-in-folder', [{ toString: () => '/etc' }]],
] as const)('%s %j is refused', (name, args) => expect(ARGUMENTS[name](args)).toBe(false));

const order = {
  kind: 'export',
  request: 1,
  format: 'pprof',
  table: null,
  file: '/x',
  ranges: [{ fromNs: 2, toNs: 7.5 }],
};
const capture = {
  file: '/x.pcapng',
  filter: '',
  snapBytes: 262_144,
  rateBytes: 5e6,
  ratePackets: 2000,
  maxBytes: 1e9,
  maxSeconds: null,
};
const rules = rulesOf(['host']);
const share = { kind: 'share', request: 2, file: '/x', rules, what: null, ranges: [] };
describe('over the port', () => {
  test.each([
    { kind: 'ack', batch: 3 },
    { kind: 'answer', prompt: 1, value: null, keep: false },
    { kind: 'answer', prompt: 1, value: true, keep: false },
    { kind: 'answer', prompt: 1, value: 'secret', keep: true },
    { kind: 'disconnect' },
    { kind: 'reconnect-now' },
    { kind: 'start-probe', probe: 'syscalls', options: { pid: '7' } },
    { kind: 'stop-probe', probe: 'syscalls' },
    { kind: 'start-capture', order: capture },
    { kind: 'keep-last', seconds: 60 },
    { kind: 'set-triggers', triggers: ['cpu>80%', 'loss'], keep: true },
    { kind: 'record-unattended', order: unattended },
    { kind: 'fetch-recording', id: '20261123-010203-abcdef' },
    { kind: 'start-capture', order: { ...capture, rateBytes: null, ratePackets: null, maxSeconds: 0.5 } },
    { kind: 'stop-capture' },
    { kind: 'preview-redaction', request: 1, rules, ranges: [] },
    { kind: 'cancel-exports' },
    { kind: 'cancel-summary' },
    { kind: 'summarise', request: 1, ranges: [] },
    { kind: 'summarise', request: 1, ranges: [{ fromNs: 0, toNs: 5 }] },
    share,
    { ...share, what: { format: 'html', table: null } },
    order,
    { ...order, format: 'json', table: 'slow' },
  ])('%j is understood', (message) => expect(isPortToHost(message)).toBe(true));

  test.each([
    null,
    'disconnect',
    [],
    {},
    { kind: 'ack' },
    { kind: 'ack', batch: -1 },
    { kind: 'ack', batch: 1.5 },
    { kind: 'ack', batch: '1' },
    { kind: 'answer', prompt: 1, value: 5, keep: false },
    { kind: 'answer', prompt: 1, value: 'secret' },
    { kind: 'answer', prompt: 1, value: 'x'.repeat(5000), keep: true },
    { kind: 'disconnect', now: true },
    { kind: 'start-capture', order: { ...capture, snapBytes: 0 } },
    { kind: 'keep-last', seconds: 0 },
    { kind: 'set-triggers', triggers: 'loss', keep: true },
    { kind: 'set-triggers', triggers: Array.from({ length: 40 }, () => 'loss'), keep: true },
    { kind: 'record-unattended', order: { ...unattended, probes: [] } },
    { kind: 'record-unattended', order: { ...unattended, maxBytes: 10 } },
    { kind: 'delete-recording', id: '' },
    { kind: 'start-capture', order: { ...capture, snapBytes: 300_000 } },
    { kind: 'start-capture', order: { ...capture, file: '' } },
    { kind: 'start-capture', order: { ...capture, filter: 'x'.repeat(9000) } },
    { kind: 'start-capture', order: { ...capture, includeOwn: true } },
    { kind: 'start-capture', ...capture },
    { kind: 'start-probe', probe: 'syscalls' },
    { kind: 'start-probe', probe: '', options: {} },
    { kind: 'start-probe', probe: 'syscalls', options: { pid: 7 } },
    { kind: 'stop-probe', probe: 'a\0b' },
    { kind: 'stop-probe', probe: 'syscalls', options: {} },
    { kind: 'format-disk' },
    { kind: 'toString' },
    { kind: '__proto__' },
    { ...order, ranges: null },
    { ...order, ranges: [{ fromNs: Number.NaN, toNs: 1 }] },
    { ...order, ranges: [{ fromNs: 0, toNs: Number.POSITIVE_INFINITY }] },
    { ...order, ranges: [{ fromNs: 0, toNs: '7' }] },
    { ...order, file: '' },
    { ...order, table: 'flames' },
    { ...order, extra: 1 },
    { kind: 'preview-redaction', request: 1, rules },
    { kind: 'preview-redaction', request: 1, rules: {}, ranges: [] },
    { kind: 'preview-redaction', request: 1, rules: { ...rules, host: 1 }, ranges: [] },
    { ...share, rules: { ...rules, more: true } },
    { ...share, what: 'recording' },
  ])('%j is refused', (message) => expect(isPortToHost(message)).toBe(false));

  test('more ranges than anybody selects are refused', () => {
    const ranges = Array.from({ length: MAX_RANGES + 1 }, () => ({ fromNs: 0, toNs: 1 }));
    expect(isPortToHost({ kind: 'summarise', request: 1, ranges: ranges.slice(1) })).toBe(true);
    expect(isPortToHost({ kind: 'summarise', request: 1, ranges })).toBe(false);
  });
});

test('main and host check each other too', () => {
  const job = { kind: 'live', target, acceptHostKey: null, recordingDir: '/r', artifactsDir: '/a', secrets: [] };
  const secret = { purpose: 'sudo', text: 'sudo asks', secret: 'x' };
  expect(isMainToHost({ kind: 'job', job })).toBe(true);
  expect(isMainToHost({ kind: 'job', job: { ...job, secrets: [secret] } })).toBe(true);
  expect(isMainToHost({ kind: 'job', job: { ...job, secrets: [{ ...secret, purpose: 'code' }] } })).toBe(false);
  expect(isHostToMain({ kind: 'keep-secrets', secrets: [secret] })).toBe(true);
  expect(isHostToMain({ kind: 'keep-secrets', secrets: [{ ...secret, secret: 5 }] })).toBe(false);
  expect(isMainToHost({ kind: 'job', job: { kind: 'replay', file: '/f' } })).toBe(true);
  expect(isMainToHost({ kind: 'job', job: { kind: 'forget-host-key', destination: 'box' } })).toBe(true);
  expect(isMainToHost({ kind: 'job', job: { ...job, target: {} } })).toBe(false);
  expect(isMainToHost({ kind: 'grant-file', file: '' })).toBe(false);
  expect(isHostToMain({ kind: 'connected', hostname: '', osName: 'Yocto' })).toBe(true);
  expect(isHostToMain({ kind: 'connected', hostname: 5, osName: '' })).toBe(false);
});
