/** Nothing that a device wrote leaves: a canary in every text of the schema, and none of them in what is shared. */
import path from 'node:path';
import type { DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { EXPORTERS, EVERYTHING, EXPORT_TABLES, exportRecording } from '../../../electron/export/index.ts';
import { createRecording } from '../../../electron/recording/index.ts';
import { redactionOf, redactRecording } from '../../../electron/redact/index.ts';
import { rulesOf, REDACTION_KIND_NAMES } from '../../../electron/bridge/redaction.ts';
import { PROBES } from '../../../remote-agent/protocol/index.ts';
import {
  ClockSampleSchema,
  CostSchema,
  DefinitionsSchema,
  DeviceInfoSchema,
  NoteSchema,
  ProbeEventSchema,
  WindowSchema,
} from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { readBack, temporaryFolder } from '../recording/helpers.ts';
import { canarySignals, DESTINATION, MARKS, smell, smellBytes } from './canary.ts';

const ROOTS = [
  ClockSampleSchema,
  CostSchema,
  DefinitionsSchema,
  DeviceInfoSchema,
  NoteSchema,
  ProbeEventSchema,
  WindowSchema,
];
const EVERY_KIND = rulesOf(REDACTION_KIND_NAMES);

/** What is text or bytes, and leaves as it is: with the reason. A field that is neither here nor in the canaries fails. */
const KEPT: Readonly<Record<string, string>> = {
  'Column.compact': 'numbers',
  'Fault.code': 'a word out of a closed list: what is not in it is refused when it is decoded',
  'FlowRun.kinds': 'numbers',
  'FlowRun.local_addresses': 'numbers',
  'FlowRun.local_ports': 'numbers',
  'FlowRun.netns': 'numbers',
  'FlowRun.opened': 'numbers',
  'FlowRun.remote_addresses': 'numbers',
  'FlowRun.remote_ports': 'numbers',
  'Window.probe': 'of a closed list: windows of other probes are left out',
};
const KEPT_COLUMNS: Readonly<Record<string, string>> = { 'slow-syscalls result': 'a number' };

async function canaryFile(folder: string): Promise<string> {
  const file = path.join(folder, 'a.sonde.mcap');
  const writer = await createRecording(file, {
    destination: DESTINATION,
    hostname: 'canary-host',
    sondeVersion: '0.1.0',
  });
  for (const frame of framesFromSignals(canarySignals())) writer.append(frame);
  writer.setMarks(MARKS);
  await writer.close();
  return file;
}

/** "Message.field" of all texts and bytes below, with a value of each in `value`. */
function texts(schema: DescMessage, value: unknown, found: Map<string, unknown[]>, seen = new Set<string>()): void {
  if (value === undefined && seen.has(schema.typeName)) return;
  seen.add(schema.typeName);
  for (const field of schema.fields) {
    const name = `${schema.name}.${field.name}`;
    const parent = value as Record<string, unknown> | undefined;
    const chosen = field.oneof
      ? (parent?.[field.oneof.localName] as { case: string; value: unknown } | undefined)
      : null;
    const given = field.oneof
      ? chosen?.case === field.localName
        ? chosen.value
        : undefined
      : parent?.[field.localName];
    const all = Array.isArray(given) ? given : [given];
    const isText = field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES;
    if (field.fieldKind === 'map') found.set(name, [...(found.get(name) ?? []), JSON.stringify(given ?? '')]);
    else if (field.message) for (const each of all) texts(field.message, each, found, seen);
    else if (isText) found.set(name, [...(found.get(name) ?? []), ...all.filter((each) => each !== undefined)]);
  }
}

const hasCanary = (value: unknown): boolean =>
  smellBytes(value instanceof Uint8Array ? value : Buffer.from(String(value))) !== '';

test('every text of the schema has a canary, or somebody has decided that it may leave', () => {
  const found = new Map<string, unknown[]>();
  for (const root of ROOTS) texts(root, undefined, found);
  for (const { body } of framesFromSignals(canarySignals()))
    for (const root of ROOTS) {
      const { value } = body;
      if (value?.$typeName === root.typeName) texts(root, value, found);
    }
  const undecided = [...found].filter(([name, values]) => !Object.hasOwn(KEPT, name) && !values.some(hasCanary));
  expect(undecided.map(([name]) => name)).toEqual([]);
  expect(Object.keys(KEPT).filter((name) => !found.has(name))).toEqual([]);
});

test('every column of bytes has a canary, or somebody has decided that it may leave', () => {
  const windows = canarySignals().filter((signal) => signal.kind === 'window');
  const undecided = PROBES.flatMap(({ id, columns }) =>
    columns.flatMap(({ name, type }, i) => {
      if (type !== 'blob' && type !== 'file') return [];
      const cells = windows.filter(({ probe }) => probe === id).flatMap((window) => [...(window.columns[i] ?? [])]);
      return Object.hasOwn(KEPT_COLUMNS, `${id} ${name}`) || cells.some(hasCanary) ? [] : [`${id} ${name}`];
    }),
  );
  expect(undecided).toEqual([]);
});

test('no canary is in the new recording, which is one', async () => {
  const folder = temporaryFolder();
  const recording = await canaryFile(folder);
  expect(await smell(recording)).not.toBe('');
  const file = path.join(folder, 'redacted.sonde.mcap');
  await redactRecording({ recording, file, rules: EVERY_KIND });
  expect(await smell(file)).toBe('');
  const before = await readBack(recording);
  const after = await readBack(file);
  expect(after).toMatchObject({ warning: null, complete: true });
  expect(after.signals.map(({ kind }) => kind)).toEqual(before.signals.map(({ kind }) => kind));
});

/** Of pixels and packed columns nobody can smell anything, before as after. */
const SCENTLESS: readonly string[] = ['parquet', 'png'];

test.each(EXPORTERS.map(({ format, of }) => [format, of] as const))(
  'no canary is in the export %s',
  async (format, of) => {
    const folder = temporaryFolder();
    const recording = await canaryFile(folder);
    const stage = await redactionOf(recording, EVERY_KIND);
    for (const table of of === 'tables'
      ? EXPORT_TABLES.filter((each) => each !== 'calls' && each !== 'errors')
      : [null]) {
      const [open, hidden] = [path.join(folder, `open-${table}`), path.join(folder, `hidden-${table}`)];
      await exportRecording({ recording, format, table, file: open, filter: EVERYTHING });
      await exportRecording({ recording, format, table, file: hidden, filter: EVERYTHING, stage });
      if (!SCENTLESS.includes(format)) expect(await smell(open)).not.toBe('');
      expect(await smell(hidden)).toBe('');
    }
  },
);
