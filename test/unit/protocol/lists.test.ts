import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  COLUMN_FIELD,
  daemonCommand,
  describeLoss,
  FAULT_CODES,
  FEATURES,
  findProbe,
  isFeature,
  LOSS_CAUSES,
  PROBES,
  relayCommand,
  SONDE_VERSION,
} from '../../../remote-agent/protocol/index.ts';

const sorted = (names: readonly string[]) => [...names].sort((a, b) => (a < b ? -1 : 1));

describe('explicit lists', () => {
  it('are alphabetical', () => {
    for (const names of [Object.keys(FAULT_CODES), Object.keys(FEATURES), PROBES.map((probe) => probe.id)])
      expect(names).toEqual(sorted(names));
  });

  it('know what manifests name', () => {
    for (const probe of PROBES) {
      expect(findProbe(probe.id)).toBe(probe);
      for (const need of probe.needs) expect(isFeature(need.feature), need.feature).toBe(true);
      for (const column of probe.columns) expect(COLUMN_FIELD).toHaveProperty(column.type);
      for (const option of probe.options)
        if (option.kind === 'text') expect(() => new RegExp(option.pattern)).not.toThrow();
    }
    expect(findProbe('nothing')).toBeNull();
  });

  it('name columns that there are', () => {
    for (const { columns, counted, display } of PROBES) {
      const sums = columns.filter(({ role }) => role === 'sum').map(({ name }) => name);
      expect(sums).toEqual(expect.arrayContaining([...(counted ?? []), display.weight]));
      for (const { type, role, table, grainNs, ends } of columns) {
        expect(table !== undefined).toBe(type === 'code');
        // A sum of what was rounded would not be exact.
        if (grainNs !== undefined) expect(['ns', 'time'].includes(type) && role !== 'sum').toBe(true);
        if (ends !== undefined) expect(columns.find(({ name }) => name === ends)?.type).toBe('flow');
      }
      if ('within' in display) expect(findProbe(display.within)).not.toBeNull();
    }
  });

  it('put keys before sums and maxima, and what came late behind them', () => {
    for (const { columns } of PROBES) {
      const firstLate = columns.findIndex(({ isLate }) => isLate);
      const early = firstLate < 0 ? columns : columns.slice(0, firstLate);
      expect(columns.slice(early.length).every(({ isLate }) => isLate)).toBe(true);
      const firstOther = early.findIndex(({ role }) => role !== 'key');
      expect(early.slice(firstOther).every(({ role }) => role !== 'key')).toBe(true);
    }
  });

  it('let keys fade only where 0 can stand for what is not known', () => {
    for (const { role, type } of PROBES.flatMap(({ columns }) => columns.filter(({ fades }) => fades)))
      expect([role, type]).toEqual(['key', 'count32']);
  });

  it('describe losses, also ones they do not know', () => {
    for (const cause of Object.keys(LOSS_CAUSES)) expect(describeLoss(cause)).not.toBe(cause);
    expect(describeLoss('toString')).toBe('toString');
  });
});

it('the version is the one of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(SONDE_VERSION).toBe(version);
});

it('commands for the device', () => {
  const paths = {
    node: '/usr/bin/node',
    agent: '/run/sonde/agent.cjs',
    loader: '/run/sonde/loader',
    runDir: '/run/sonde/1',
    leaseS: 30,
  };
  const command = daemonCommand(paths);
  expect(command.slice(0, 5)).toEqual(['/run/sonde/loader', 'daemon', '/run/sonde/1/log', '--', '/usr/bin/node']);
  expect(command.slice(-8)).toEqual([
    '/run/sonde/agent.cjs',
    'serve',
    '--dir',
    '/run/sonde/1',
    '--loader',
    '/run/sonde/loader',
    '--lease',
    '30',
  ]);
  expect(relayCommand('/l', '/r')).toEqual(['/l', 'relay', '/r/sock']);
});
