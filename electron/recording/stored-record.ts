/** A record as it stands in a file: what putting a file in order moves to another place. */
import {
  type AgentFrame,
  findProbe,
  recordBytes,
  recordKind,
  type RecordKind,
} from '../../remote-agent/protocol/index.ts';
import { TOPICS, windowTopic } from './format.ts';

export interface StoredRecord {
  readonly kind: RecordKind;
  readonly topic: string;
  readonly data: Uint8Array;
  /** Its Signal has all that is in it: a newer Sonde may have put more into a window than this one knows. */
  readonly isUnderstood: boolean;
}

export function storedRecord(frame: AgentFrame): StoredRecord {
  const kind = recordKind(frame);
  if (kind === null) throw new Error('not a record');
  const { body } = frame;
  const topic = body.case === 'window' ? windowTopic(body.value.probe) : TOPICS[kind as 'cost'];
  return { kind, topic, data: recordBytes(frame), isUnderstood: isUnderstood(frame) };
}

function isUnderstood({ body }: AgentFrame): boolean {
  if (body.case !== 'window') return true;
  const { value } = body;
  const known = findProbe(value.probe)?.columns.length ?? 0;
  return value.columns.length <= known && [value, value.counters, ...value.columns].every((part) => !part?.$unknown);
}
