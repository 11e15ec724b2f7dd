import type { FrameDef, ModuleDef } from '../../remote-agent/protocol/signal.ts';
import type { Tables } from '../store/model.ts';
import { moduleFile, shownName, unnamed } from './function-name.ts';
import { type FrameKind, kindOf } from './kind.ts';

export interface StackLine {
  /** As in the flame graph; of a frame without a name the module and the exact offset in it. */
  readonly name: string;
  /** Last part of its path; '' where the name says it, or there is none. */
  readonly module: string;
  readonly kind: FrameKind;
}

/** The frames of one stack, innermost first. */
export function stackLines(tables: Tables, stack: number): StackLine[] {
  const lines: StackLine[] = [];
  // A parent's id is smaller than its child's: this ends, whatever the tables hold.
  for (let node = stack; node > 0 && node < tables.stackCount; node = tables.stackParents[node]!) {
    const frame = tables.frames[tables.stackFrames[node]!];
    lines.push(
      frame ? lineOf(frame, tables.modules[frame.module]) : { name: '[unknown]', module: '', kind: 'unknown' },
    );
  }
  return lines;
}

function lineOf(frame: FrameDef, module: ModuleDef | undefined): StackLine {
  const kind = kindOf(frame, module);
  const file = module ? moduleFile(module) : '';
  if (frame.name !== '') return { name: shownName(frame.name), module: file, kind };
  const hasFile = file !== '' && module?.kind !== 'kernel';
  return { name: hasFile ? `${file}+0x${frame.offset.toString(16)}` : unnamed(module, -1), module: '', kind };
}
