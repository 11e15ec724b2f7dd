/** Network flows with `sonde`, as people do it: recorded, told, exported, watched, beside programs that know their figures. */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { serve, traffic } from './flows-checks.ts';
import { buildProgram, deviceNowNs, endedEarly, recordedUntil, rowsOfCsv, type SondeProgram } from './sonde-program.ts';

const PATIENCE = { timeout: 180_000, interval: 1000 };
const BYTES = 1_000_000;
const END = { address: '127.0.0.1', port: 7001 };
const AT = `--address ${END.address} --port ${END.port}`;

let box: Box;
let program: SondeProgram;
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'node' });
});
afterAll(async () => {
  await box?.stop();
  program?.dispose();
});

test('what is recorded and exported is what the programs sent, byte by byte, without what Sonde sends', async () => {
  const file = path.join(program.folder, 'flows.sonde.mcap');
  const recording = program.begin('record', ...program.device(box), '--probe', 'net-flows', '-o', file);
  const begun = { 'net-flows': expect.any(Number) };
  await Promise.race([expect.poll(() => recordedUntil(file), PATIENCE).toMatchObject(begun), endedEarly(recording)]);
  const server = await serve(box, `${AT} --bytes ${BYTES}`, '');
  await traffic(box, `stream ${AT} --bytes ${BYTES}`);
  await server.stop();
  await box.ssh(`/opt/workload/flows stream ${AT} --bytes 1; true`); // nobody listens any more
  const madeNs = await deviceNowNs(box);
  await expect.poll(async () => (await recordedUntil(file))['net-flows'], PATIENCE).toBeGreaterThan(madeNs);
  recording.child.kill('SIGINT');
  const { code, out, err } = await recording.ended;
  expect(code, err).toBe(0);
  expect(out).toMatch(/s of network flows: \d+ /);
  expect(out).toMatch(/[1-9]\d* failed connects \(ECONNREFUSED [1-9]/);
  expect(out).toContain("Sonde's own connection, not counted above: ");
  await expectExports(file);
});

async function expectExports(file: string): Promise<void> {
  const csv = async (...more: readonly string[]): Promise<Record<string, string>[]> =>
    rowsOfCsv(await program.sonde('export', file, '-f', 'csv', '-o', '-', ...more));
  const flows = await csv();
  const ends = (row: Record<string, string>): boolean => row['sent_bytes'] === String(BYTES);
  expect(
    flows
      .filter(ends)
      .map((row) => `${row['comm']} ${row['direction']} ${row['state']}`)
      .toSorted(),
  ).toEqual(['flows in closed', 'flows out closed']);
  for (const row of flows.filter(ends)) {
    expect(row).toMatchObject({ protocol: 'tcp', received_bytes: String(BYTES), resets: '0', own: '0' });
    expect(row['remote_name']).toBe('localhost');
    expect(Number(row['closed_ns'])).toBeGreaterThan(Number(row['opened_ns']));
  }
  const refused = flows.filter((row) => row['errno'] === 'ECONNREFUSED');
  expect(refused.map((row) => row['remote_port'])).toContain(String(END.port));
  const ids = new Set(flows.filter(ends).map((row) => row['flow']));
  const parts = (await csv('--per-window')).filter((row) => ids.has(row['flow']));
  expect(parts.reduce((sum, row) => sum + Number(row['sent_bytes']), 0)).toBe(2 * BYTES);
  expect(flows.some((row) => row['own'] === '1')).toBe(false);
  const all = await csv('--include-own');
  expect(all.filter((row) => row['own'] === '1').map((row) => row['local_port'])).toEqual(['22']);
}

test('top: who sends how much to whom; Ctrl-C ends it', async () => {
  const watching = program.begin('top', ...program.device(box), '--probe', 'net-flows', '--limit', '5');
  await expect.poll(() => watching.out(), PATIENCE).toMatch(/SENT\/S +RECV\/S +RETR\/S/);
  const server = await serve(box, `${AT} --bytes ${BYTES}`, '');
  await traffic(box, `stream ${AT} --bytes ${BYTES}`);
  await expect.poll(() => watching.out(), PATIENCE).toMatch(/kB +\d.* flows \(\d+\) +localhost:7001$/m);
  expect(watching.out()).toMatch(/Sonde itself \d/);
  await server.stop();
  watching.child.kill('SIGINT');
  const { code, err } = await watching.ended;
  expect(code, err).toBe(0);
});
