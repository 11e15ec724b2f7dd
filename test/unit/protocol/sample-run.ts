/** A small run of the agent, record by record, as a device would send it. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type AgentFrame, decodeAgentFrame, encodeAgentFrame } from '../../../remote-agent/protocol/index.ts';
import {
  type AgentFrameSchema,
  type DefinitionsSchema,
  ModuleKind,
  type WindowSchema,
} from '../../../remote-agent/protocol/generated/sonde_pb.ts';

type Body = NonNullable<MessageInitShape<typeof AgentFrameSchema>['body']>;
export type DefinitionsInit = MessageInitShape<typeof DefinitionsSchema>;
export type WindowInit = MessageInitShape<typeof WindowSchema>;

const text = (value: string) => new TextEncoder().encode(value);
export const RUN_ID = Uint8Array.from({ length: 16 }, (_, i) => i);

/** Through bytes, as every frame comes. */
export function frame(seq: number, body: Body): AgentFrame {
  return decodeAgentFrame(encodeAgentFrame({ seq: BigInt(seq), body }));
}

export const device = frame(1, {
  case: 'device',
  value: {
    hostname: text('edge-17'),
    machine: 'aarch64',
    kernelRelease: text('6.1.0-18-arm64'),
    onlineCpus: 4,
    memoryBytes: 1n << 30n,
    bootId: text('b0075f1e'),
    uptimeNs: 5_000_000_000n,
    agentVersion: '0.1.0',
    nodeVersion: 'v18.19.0',
    pageSize: 4096,
    runId: RUN_ID,
  },
});

/**
 *   main ─ parse ─ read (kernel)     stack 3
 *        ╰ idle                      stack 4
 */
export const definitions = {
  processes: [{ id: 1, pid: 42, startNs: 4_000_000_000n, comm: text('worker'), exe: text('/usr/bin/worker') }],
  threads: [
    { id: 1, process: 1, tid: 42, comm: text('worker') },
    { id: 2, process: 1, tid: 43, comm: text('io\nthread') },
  ],
  modules: [
    { id: 1, kind: ModuleKind.EXECUTABLE, path: text('/usr/bin/worker'), buildId: Uint8Array.of(0xca, 0xfe) },
    { id: 2, kind: ModuleKind.KERNEL, path: text('[kernel]') },
  ],
  frames: [
    { id: 1, module: 1, offset: 0x1000n, name: text('main') },
    { id: 2, module: 1, offset: 0x1100n },
    { id: 3, module: 2, offset: 0xffff_ffff_8100_0010n, name: text('vfs_read') },
    { id: 4, module: 1, offset: 0x1200n },
  ],
  firstStack: 1,
  stackParents: [0, 1, 2, 1],
  stackFrames: [1, 2, 3, 4],
  names: [{ frame: 2, name: text('_Z5parsev') }],
} satisfies DefinitionsInit;

export const window = {
  probe: 'cpu-profile',
  fromNs: 5_000_000_000n,
  toNs: 6_000_000_000n,
  rows: 2,
  columns: [{ u32: [1, 2] }, { u32: [0, 3] }, { u32: [3, 4] }, { u32: [90, 5] }],
  counters: {
    seen: 200n,
    kept: 95n,
    idle: 100n,
    filtered: 2n,
    lost: [{ cause: 'map-full', count: 3n }],
    incompleteStacks: 1n,
  },
  drains: 1,
} satisfies WindowInit;
