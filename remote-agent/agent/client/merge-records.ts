/** Which records may become one, and how: windows by their manifest, costs by adding what adds up. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { decodeWindowSum, encodeWindowSum, findProbe } from '../../protocol/index.ts';
import { type Cost, CostSchema } from '../../protocol/generated/sonde_pb.ts';
import type { SpoolRecord } from './spool.ts';

export function canMerge({ kind }: SpoolRecord): boolean {
  return kind === 'window' || kind === 'cost';
}

/** Both of one kind and probe; `a` is the earlier. */
export function mergeBodies(a: SpoolRecord, b: SpoolRecord): Uint8Array {
  if (a.kind === 'cost')
    return toBinary(CostSchema, mergeCosts(fromBinary(CostSchema, a.body), fromBinary(CostSchema, b.body)));
  const manifest = findProbe(a.probe);
  if (!manifest) throw new Error(`no manifest of ${a.probe}`);
  const sum = decodeWindowSum(manifest, a.body);
  sum.add(decodeWindowSum(manifest, b.body));
  return encodeWindowSum(sum);
}

/** Work and bytes add up; of what is a level, the latest counts. */
function mergeCosts(a: Cost, b: Cost): Cost {
  return create(CostSchema, {
    ...b,
    fromNs: a.fromNs,
    agentCpuNs: a.agentCpuNs + b.agentCpuNs,
    loaderCpuNs: a.loaderCpuNs + b.loaderCpuNs,
    bpfCpuNs: a.bpfCpuNs + b.bpfCpuNs,
    sentBytes: a.sentBytes + b.sentBytes,
    deviceCpuBusyNs: a.deviceCpuBusyNs + b.deviceCpuBusyNs,
  });
}
