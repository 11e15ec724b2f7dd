// The loader's rows as the tests look at them, read by the fields that `loader describe` tells.

import { SPACE, viewOf } from '../../remote-agent/protocol/loader.ts';

export interface Field {
  name: string;
  offset: number;
}

/** Of cpu-profile. */
export interface Row {
  tgid: number;
  tid: number;
  cpu: number;
  comm: string;
  userSpace: number;
  kernelFrames: number;
  userFrames: number;
  /** As struct cpu_profile_key says it. */
  slot: number;
  samples: number;
}

/** Of syscalls. */
export interface CallRow {
  tgid: number;
  tid: number;
  life: number;
  comm: string;
  cgroup: bigint;
  table: number;
  number: number;
  errno: number;
  bucket: number;
  calls: number;
  total: number;
  longest: number;
}

/** Of slow-syscalls, as far as the loader alone is looked at. */
export interface SlowRow {
  tgid: number;
  tid: number;
  table: number;
  number: number;
  finished: number;
  errno: number;
  duration: number;
  args: Uint8Array;
  path: string;
}

/** Frames of each stack by space and hash. */
export type Stacks = ReadonlyMap<string, number>;

export type ReadRow<R> = (bytes: Uint8Array, fields: readonly Field[], stacks: Stacks) => R;

export function reader(bytes: Uint8Array, fields: readonly Field[]) {
  const view = viewOf(bytes);
  const at = (name: string) => fields.find((field) => field.name === name)?.offset ?? Number.NaN;
  const text = (name: string, size: number) =>
    String(Buffer.from(bytes.subarray(at(name), at(name) + size))).replace(/\0.*/s, '');
  return {
    at,
    u8: (name: string) => view.getUint8(at(name)),
    u32: (name: string) => view.getUint32(at(name), true),
    u64: (name: string) => view.getBigUint64(at(name), true),
    comm: () => text('comm', 16),
    text,
  };
}

export const readSample: ReadRow<Row> = (bytes, fields, stacks) => {
  const { u8, u32, u64, comm } = reader(bytes, fields);
  const userSpace = u8('user_space');
  const frames = (space: number, name: string) => {
    const hash = u64(name);
    return hash === 0n ? 0 : (stacks.get(`${space} ${hash}`) ?? Number.NaN);
  };
  return {
    tgid: u32('tgid'),
    tid: u32('tid'),
    cpu: u32('cpu'),
    comm: comm(),
    userSpace,
    kernelFrames: frames(SPACE.kernel, 'kernel_stack'),
    userFrames: frames(userSpace, 'user_stack'),
    slot: u32('slot'),
    samples: Number(u64('samples')),
  };
};

export const readCall: ReadRow<CallRow> = (bytes, fields) => {
  const { u32, u64, comm } = reader(bytes, fields);
  return {
    tgid: u32('tgid'),
    tid: u32('tid'),
    life: u32('life'),
    comm: comm(),
    cgroup: u64('cgroup'),
    table: u32('call') >>> 24,
    number: u32('call') & 0xffffff,
    errno: u32('errno'),
    bucket: u32('bucket'),
    calls: Number(u64('calls')),
    total: Number(u64('total')),
    longest: Number(u64('longest')),
  };
};

export const readSlow: ReadRow<SlowRow> = (bytes, fields) => {
  const { u32, u64, at, text } = reader(bytes, fields);
  return {
    tgid: u32('tgid'),
    tid: u32('tid'),
    table: u32('call') >>> 24,
    number: u32('call') & 0xffffff,
    finished: u32('finished'),
    errno: u32('errno'),
    duration: Number(u64('duration')),
    args: bytes.slice(at('args'), at('args') + 48),
    path: text('path', 256),
  };
};
