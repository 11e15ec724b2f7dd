/** Records as the agent makes them: what goes in, encoded, with what the spool must know about it. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  ClockSampleSchema,
  CostSchema,
  type Definitions,
  DefinitionsSchema,
  DeviceInfoSchema,
  NoteSchema,
  type ProbeEvent,
  ProbeEventSchema,
} from '../protocol/generated/sonde_pb.ts';
import { encodeWindowSum, type WindowSum } from '../protocol/index.ts';
import type { SpoolRecord } from './client/spool.ts';

const NOTHING = new Uint8Array(0);

/** What can happen to a probe. */
export type What = NonNullable<MessageInitShape<typeof ProbeEventSchema>['what']> & {
  case: ProbeEvent['what']['case'] & string;
};

export function deviceRecord(device: MessageInitShape<typeof DeviceInfoSchema>): SpoolRecord {
  return { kind: 'device', probe: '', body: toBinary(DeviceInfoSchema, create(DeviceInfoSchema, device)), spanNs: 0 };
}

export function clockRecord(clock: MessageInitShape<typeof ClockSampleSchema>): SpoolRecord {
  return { kind: 'clock', probe: '', body: toBinary(ClockSampleSchema, create(ClockSampleSchema, clock)), spanNs: 0 };
}

export function costRecord(cost: { fromNs: bigint; toNs: bigint } & MessageInitShape<typeof CostSchema>): SpoolRecord {
  return {
    kind: 'cost',
    probe: '',
    body: toBinary(CostSchema, create(CostSchema, cost)),
    spanNs: Number(cost.toNs - cost.fromNs),
  };
}

/** `flows`: an encoded FlowRun, as there may be a thousand new ones a second; null = none. */
export function definitionsRecord(definitions: Definitions | null, flows: Uint8Array | null): SpoolRecord {
  const body = definitionsBody(definitions && toBinary(DefinitionsSchema, definitions), flows);
  return { kind: 'definitions', probe: '', body, spanNs: 0 };
}

/** The same with all but the flows encoded already. */
export function definitionsBody(definitions: Uint8Array | null, flows: Uint8Array | null): Uint8Array {
  const writer = new BinaryWriter().raw(definitions ?? NOTHING);
  if (flows) writer.tag(DefinitionsSchema.field.flows.number, WireType.LengthDelimited).bytes(flows);
  return writer.finish();
}

export function windowRecord(window: WindowSum): SpoolRecord {
  return {
    kind: 'window',
    probe: window.manifest.id,
    body: encodeWindowSum(window),
    spanNs: Number(window.toNs - window.fromNs),
  };
}

export function probeEventRecord(probe: string, atNs: bigint, what: What): SpoolRecord {
  return {
    kind: 'probeEvent',
    probe,
    body: toBinary(ProbeEventSchema, create(ProbeEventSchema, { probe, atNs, what })),
    spanNs: 0,
  };
}

/** `trigger`: the one that fired, '' = none. */
export function noteRecord(atNs: bigint, text: string, trigger = ''): SpoolRecord {
  return {
    kind: 'note',
    probe: '',
    body: toBinary(NoteSchema, create(NoteSchema, { atNs, text, trigger })),
    spanNs: 0,
  };
}
