/** The end of a file once more, with a metadata record that it did not have. */
import { type McapTypes, Opcode } from '@mcap/core';
import { Cursor } from './cursor.ts';
import { build, footer } from './mcap-builder.ts';
import type { Place, Summary, SummaryRecord } from './summary.ts';

const RECORD_HEAD = 9;
/** Statistics: messages, schemas, channels and attachments stand before the number of metadata records. */
const METADATA_COUNT_AT = 8 + 2 + 4 + 4;

/** All that stands from byte `at` on: the record and the end of the file. `replaced` is no more. */
export function endWithMetadata(
  summary: Summary,
  metadata: McapTypes.Metadata,
  at: number,
  replaced: Place | null,
): Uint8Array {
  const record = build((records) => records.writeMetadata(metadata));
  const place = { name: metadata.name, offset: at, length: record.length };
  const dataEnd = build((records) => records.writeDataEnd({ dataSectionCrc: 0 }));
  const start = at + record.length + dataEnd.length;
  return Buffer.concat([record, dataEnd, endWith(changed(summary, place, replaced), start)]);
}

/** The summary's records with the new place among them, group by group. */
function changed({ records }: Summary, place: Place, replaced: Place | null): SummaryRecord[] {
  const kept = records.filter(
    ({ opcode, content }) => opcode !== Opcode.METADATA_INDEX || Number(new Cursor(content).u64()) !== replaced?.offset,
  );
  const index = build((builder) =>
    builder.writeMetadataIndex({ name: place.name, offset: BigInt(place.offset), length: BigInt(place.length) }),
  );
  const all = [...kept, { opcode: Opcode.METADATA_INDEX, content: index.subarray(RECORD_HEAD) }];
  const count = all.filter(({ opcode }) => opcode === Opcode.METADATA_INDEX).length;
  return all
    .map((record) => (record.opcode === Opcode.STATISTICS ? withMetadataCount(record, count) : record))
    .sort((a, b) => orderOf(all, a.opcode) - orderOf(all, b.opcode));
}

function orderOf(records: readonly SummaryRecord[], wanted: number): number {
  return records.findIndex(({ opcode }) => opcode === wanted);
}

function withMetadataCount({ opcode, content }: SummaryRecord, count: number): SummaryRecord {
  const copy = content.slice();
  new DataView(copy.buffer).setUint32(METADATA_COUNT_AT, count, true);
  return { opcode, content: copy };
}

function endWith(records: readonly SummaryRecord[], start: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  const groups = new Map<number, { start: number; length: number }>();
  let at = start;
  for (const { opcode, content } of records) {
    const head = new Uint8Array(RECORD_HEAD);
    head[0] = opcode;
    new DataView(head.buffer).setBigUint64(1, BigInt(content.length), true);
    pieces.push(head, content);
    const group = groups.get(opcode) ?? { start: at, length: 0 };
    groups.set(opcode, { start: group.start, length: group.length + RECORD_HEAD + content.length });
    at += RECORD_HEAD + content.length;
  }
  const offsets = build((builder) => {
    for (const [groupOpcode, group] of groups)
      builder.writeSummaryOffset({
        groupOpcode,
        groupStart: BigInt(group.start),
        groupLength: BigInt(group.length),
      });
  });
  const summary = Buffer.concat([...pieces, offsets]);
  return Buffer.concat([summary, footer(summary, start, at)]);
}
