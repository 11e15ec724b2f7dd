import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import {
  encodeAgentFrame,
  encodeClientFrame,
  frameFromRecord,
  RECORD_KINDS,
  recordBytes,
  recordKind,
  recordKindOfTypeName,
  recordTypeName,
  schemaDescriptorSet,
  SignalDecoder,
} from '../../../remote-agent/protocol/index.ts';
import { decodeAgentFrame, decodeClientFrame } from '../../../remote-agent/protocol/frames.ts';
import { definitions, device, frame, window } from './sample-run.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const run = [
  device,
  frame(2, { case: 'definitions', value: definitions }),
  frame(3, { case: 'window', value: window }),
];

describe('records', () => {
  it('stored one by one decode into the same Signals', () => {
    const live = new SignalDecoder();
    const stored = new SignalDecoder();
    for (const record of run) {
      const kind = recordKind(record);
      expect(kind).not.toBeNull();
      if (kind) expect(stored.decodeRecord(kind, recordBytes(record))).toEqual(live.decode(record));
    }
  });

  it('keep fields newer than this reader', () => {
    const newer = decodeAgentFrame(Uint8Array.from(Buffer.from('5a03a84601', 'hex').subarray(0)));
    expect(hex(recordBytes(newer))).toContain('a84601');
  });

  it('are told from talk about the connection', () => {
    expect(recordKind(frame(0, { case: 'welcome', value: {} }))).toBeNull();
    expect(() => recordBytes(frame(0, { case: 'welcome', value: {} }))).toThrow('welcome is not a record');
  });

  it('have type names both ways', () => {
    expect(RECORD_KINDS).toEqual([...RECORD_KINDS].sort());
    for (const kind of RECORD_KINDS) {
      expect(recordKindOfTypeName(recordTypeName(kind))).toBe(kind);
      expect(frameFromRecord(kind, new Uint8Array(0)).body.case).toBe(kind);
    }
    expect(recordTypeName('probeEvent')).toBe('sonde.v1.ProbeEvent');
    expect(recordKindOfTypeName('sonde.v1.Welcome')).toBeNull();
  });

  it('are explained by the schema a recording carries', () => {
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, schemaDescriptorSet()));
    for (const kind of RECORD_KINDS) expect(registry.getMessage(recordTypeName(kind))).toBeDefined();
  });
});

/** These bytes are in recordings and on the wire: a change here is a change of protocol. */
describe('golden bytes', () => {
  it('window', () => {
    expect(
      hex(encodeAgentFrame({ seq: 3n, firstSeq: 2n, body: { case: 'window', value: window } })),
    ).toMatchInlineSnapshot(
      `"0803100262500a0b6370752d70726f66696c651080e497d0121880f882ad1620022a040a0201022a040a0200032a040a0203042a040a025a05321908c801105f186420022a0c0a086d61702d66756c6c100330013801"`,
    );
  });

  it('definitions', () => {
    expect(hex(encodeAgentFrame({ seq: 2n, body: { case: 'definitions', value: definitions } }))).toMatchInlineSnapshot(
      `"08025acc010a230801102a1880d0acf30e2206776f726b65722a0f2f7573722f62696e2f776f726b6572120e08011001182a2206776f726b6572121108021001182b2209696f0a7468726561641a19080110021a0f2f7573722f62696e2f776f726b65722202cafe1a0e080210011a085b6b65726e656c5d220d0801100118802022046d61696e2207080210011880222219080310021890808088f8ffffffff0122087666735f7265616422070804100118802428013204000102013a0401020304420d080212095f5a35706172736576"`,
    );
  });

  it('hello', () => {
    const value = { clientVersion: '0.1.0', runId: Uint8Array.of(1, 2), lastSeq: 7n, leaseS: 60 };
    const bytes = encodeClientFrame({ body: { case: 'hello', value } });
    expect(hex(bytes)).toMatchInlineSnapshot(`"0a0f0a05302e312e30120201021807203c"`);
    expect(decodeClientFrame(bytes).body.value).toMatchObject(value);
  });
});
