/**
 * From the stacks of one row to one node of the run's prefix tree: user frames from the root to the leaf, the kernel's
 * frames on top of them.
 *
 *      kernel   ┌ vfs_read ┐ leaf       The kernel hands stacks out leaf first. All but the leaf are return addresses,
 *               └ entry    ┘            one behind the call: a call that is a function's last instruction would be
 *      user     ┌ read     ┐            counted to the next function. So they are sent as address − 1.
 *               └ main     ┘ root
 */
import { addressBits, BUILD_ID_FRAME_LENGTH, BUILD_ID_STATUS, SPACE } from '../../protocol/index.ts';
import type { Dictionary } from '../names/dictionary.ts';
import type { KernelFrames } from '../names/kernel-frames.ts';
import { lowAddress } from '../names/kallsyms.ts';
import type { UserFrames } from '../names/user-frames.ts';
import type { Process } from '../proc/process.ts';
import type { Processes } from '../proc/processes.ts';
import type { StackIndex } from './stack-index.ts';

/** The dictionary had no room for the stack. */
export const REFUSED = -1;
const BUILD_ID_AT = 4;
const OFFSET_AT = 24;

export class StackMapper {
  private readonly dictionary: Dictionary;
  private readonly processes: Processes;
  private readonly kernel: KernelFrames;
  private readonly user: UserFrames;

  constructor(dictionary: Dictionary, processes: Processes, kernel: KernelFrames, user: UserFrames) {
    this.dictionary = dictionary;
    this.processes = processes;
    this.kernel = kernel;
    this.user = user;
  }

  /** Node of a user stack; 0 = it has no frames. */
  userNode(stacks: StackIndex, stack: number, space: number, process: Process, nowMs: number): number {
    const { view, start, count } = stacks.frames(stack);
    let node = 0;
    let last = 0;
    for (let i = count - 1; i >= 0; i--) {
      const frame =
        space === SPACE.userBuildId
          ? this.buildIdFrame(view, start + i * BUILD_ID_FRAME_LENGTH, i > 0, process, nowMs)
          : this.addressFrame(process, lowAddress(view, start + i * 8) - (i > 0 ? 1 : 0), nowMs);
      if (frame === NO_FRAME) continue;
      if (frame === 0) return REFUSED;
      // Where a walk went astray it stays astray: one unknown frame says it.
      if (frame === last && frame === this.user.unknown()) continue;
      last = frame;
      node = this.dictionary.stack(node, frame);
      if (node === 0) return REFUSED;
    }
    return node;
  }

  kernelNode(stacks: StackIndex, stack: number, parent: number): number {
    const { view, start, count } = stacks.frames(stack);
    let node = parent;
    for (let i = count - 1; i >= 0; i--) {
      const frame = this.kernel.of(lowAddress(view, start + i * 8) - (i > 0 ? 1 : 0));
      node = frame === 0 ? 0 : this.dictionary.stack(node, frame);
      if (node === 0) return REFUSED;
    }
    return node;
  }

  private addressFrame(process: Process, address: number, nowMs: number): number {
    let index = process.mappingAt(address);
    if (index < 0 && this.processes.rereadMaps(process, nowMs)) index = process.mappingAt(address);
    const mapping = process.mappings[index];
    return mapping ? this.user.ofMapped(process, index, mapping, address) : this.user.unknown();
  }

  private buildIdFrame(view: DataView, at: number, isCaller: boolean, process: Process, nowMs: number): number {
    const status = view.getInt32(at, true);
    if (status === BUILD_ID_STATUS.empty) return NO_FRAME;
    const offset = addressBits(view.getBigUint64(at + OFFSET_AT, true)) - (isCaller ? 1 : 0);
    if (status !== BUILD_ID_STATUS.valid) return this.addressFrame(process, offset, nowMs);
    const buildId = Buffer.from(view.buffer, view.byteOffset + at + BUILD_ID_AT, 20).toString('hex');
    return this.user.ofBuildId(process, buildId, offset);
  }
}

const NO_FRAME = -2;
