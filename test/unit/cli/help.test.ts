import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODES } from '../../../electron/cli/index.ts';
import { COMMANDS } from '../../../electron/cli/commands.ts';
import { cpuProfile } from '../../../remote-agent/protocol/probes/cpu-profile.ts';
import { FAULT_CODES, SONDE_VERSION } from '../../../remote-agent/protocol/index.ts';
import { sonde } from './fake-world.ts';

test('the overview names every command', async () => {
  const { code, out } = await sonde('help');
  expect(code).toBe(0);
  for (const { name, summary } of COMMANDS) {
    expect(out).toContain(`sonde ${name}`);
    expect(out).toContain(summary.split(' ').slice(0, 3).join(' '));
  }
  expect((await sonde('')).out).toBe(out);
  expect((await sonde('--help')).out).toBe(out);
});

test('commands are in order', () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
});

test.each(COMMANDS.map(({ name }) => name))('help %s fits a terminal and explains every option', async (name) => {
  const { code, out } = await sonde(`help ${name}`);
  const command = COMMANDS.find((each) => each.name === name);
  expect(code).toBe(0);
  for (const option of command?.options ?? []) expect(out).toContain(`--${option.name}`);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(116);
  expect((await sonde(`${name} --help`)).out).toBe(out);
});

test('help record offers the options of the probe manifest', async () => {
  const { out } = await sonde('help record');
  for (const { name } of cpuProfile.options) expect(out).toContain(`--${name}`);
});

test('every fault has a number of its own, and the help says so', async () => {
  const numbers = Object.values(EXIT_CODES);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Object.keys(EXIT_CODES).toSorted()).toEqual(Object.keys(FAULT_CODES).toSorted());
  expect(numbers.every((number) => number > 1 && number < 256 && number !== 3 && number !== 4)).toBe(true);
  const { out } = await sonde('help exit-codes');
  for (const [code, number] of Object.entries(EXIT_CODES))
    expect(out).toMatch(new RegExp(`^ +${number}  ${code} `, 'm'));
});

/** Scripts depend on them: a change here breaks somebody. */
test('the numbers are those they always were', () => {
  expect(EXIT_CODES).toMatchInlineSnapshot(`
    {
      "agent-crashed": 41,
      "agent-start": 40,
      "agent-version": 42,
      "auth-failed": 13,
      "bad-option": 50,
      "bad-recording": 51,
      "cancelled": 130,
      "config-invalid": 2,
      "device-full": 24,
      "device-noexec": 25,
      "device-readonly": 26,
      "file-io": 52,
      "host-key-changed": 12,
      "host-key-unknown": 11,
      "host-unreachable": 10,
      "interface-gone": 29,
      "kernel-lockdown": 32,
      "kernel-memory": 34,
      "kernel-no-bpf": 30,
      "kernel-no-permission": 31,
      "kernel-no-tracefs": 33,
      "kernel-verifier": 35,
      "key-unusable": 14,
      "link-lost": 16,
      "loader-crashed": 44,
      "loader-start": 43,
      "no-compatible-kex": 15,
      "no-sudo": 22,
      "node-too-old": 27,
      "not-linux": 20,
      "out-of-sync": 45,
      "probe-unknown": 46,
      "session-crashed": 47,
      "sudo-password": 23,
      "unsupported-machine": 21,
      "upload-failed": 28,
    }
  `);
});

test('help as JSON', async () => {
  const { out } = await sonde('help json --json');
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    lines: expect.arrayContaining([expect.stringContaining('stdout holds one line')]),
  });
});

test('the version', async () => {
  expect((await sonde('--version')).out).toBe(`sonde ${SONDE_VERSION}\n`);
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version: SONDE_VERSION });
});
