/** Which part of a recording: by process, thread and container, in whatever format. */
import { expect, test } from 'vitest';
import type { ProfileFilter } from '../../../electron/export/index.ts';
import type { ProcessDef, Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { exportedTable, foldedStacks, profileOf } from './helpers.ts';

/** nginx and its worker live in a container. */
function contained(signals: readonly Signal[]): Signal[] {
  const move = (process: ProcessDef): ProcessDef =>
    process.comm === 'nginx' ? { ...process, container: 'web', containerId: '3f2a9c' } : process;
  return signals.map((signal) =>
    signal.kind === 'definitions' ? { ...signal, processes: signal.processes.map(move) } : signal,
  );
}

const STACKS = 'nginx;main 3\nnginx/worker;main 2\nsh;main 4';

test.each<readonly [Partial<ProfileFilter>, readonly string[]]>([
  [{ process: 'sh' }, ['sh;main 4']],
  [{ process: 'nginx' }, ['nginx;main 5']],
  [{ process: 'ngin' }, []],
  [{ thread: 'worker' }, ['nginx;main 2']],
  [{ process: 'sh', thread: 'worker' }, []],
  [{ container: '3f2a' }, ['nginx;main 5']],
  [{ container: 'web' }, ['nginx;main 5']],
  [{ container: '' }, ['sh;main 4']],
  [{ container: 'other' }, []],
  [{ pid: 102 }, ['sh;main 4']],
])('samples of %o', async (filter, lines) => {
  expect(foldedStacks(await profileOf(contained(signalsFromStacks(STACKS)), filter))).toEqual(lines);
});

test('calls and flows of a process by its name', async () => {
  const calls = await exportedTable('csv', signalsFromCalls('sh read - 3 10\nnginx read - 3 5'), {
    filter: { process: 'nginx' },
  });
  expect(calls.split('\n').filter((line) => line.includes(',read,'))).toHaveLength(1);
  const flows = await exportedTable('csv', networkSignals(), { table: 'flows', filter: { process: 'curl' } });
  const rows = flows.trim().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every((line) => line.includes(',curl,'))).toBe(true);
});

test('rows that are of no process are refused for one', async () => {
  await expect(
    exportedTable('csv', networkSignals(), { table: 'drops', filter: { process: 'curl' } }),
  ).rejects.toMatchObject({ fault: { code: 'bad-option', message: expect.stringContaining('of no process') } });
});
