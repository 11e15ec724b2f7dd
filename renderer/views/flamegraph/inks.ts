import {
  type Boxes,
  type CallTree,
  type FrameKind,
  type FunctionTable,
  isFunctionKey,
  meaningOf,
  type Names,
} from '../../derive/index.ts';
import { changeInk, fadedInk, frameInk, MATCH_INK, PROCESS_INK, ROOT_INK, THREAD_INK, TINY_INK } from './palette.ts';

export interface InkRequest {
  readonly tree: CallTree;
  readonly names: Names;
  readonly functions: FunctionTable;
  readonly dimmed: ReadonlySet<FrameKind>;
  /** Boxes carry marks of a search: what is not marked fades. */
  readonly isSearching: boolean;
  /** Rows above it lead to the zoomed frame and fade. */
  readonly zoomedRow: number;
  /** By node: −4 … 4. Then colours tell how much it changed, not whose code it is. */
  readonly changes: Int8Array | null;
}

const UNKNOWN_INK = 255;

/** Chooses an ink for each box. A function's own ink is worked out once. */
export class Inks {
  #functions: FunctionTable | null = null;
  #ofFunction = new Uint8Array(0);
  #ofBox = new Uint8Array(4096);

  choose(boxes: Boxes, request: InkRequest): Uint8Array {
    if (request.functions !== this.#functions) {
      // Kinds may have changed along with late names.
      this.#functions = request.functions;
      this.#ofFunction = new Uint8Array(request.functions.count).fill(UNKNOWN_INK);
    }
    if (this.#ofBox.length < boxes.count) this.#ofBox = new Uint8Array(boxes.count * 2);
    for (let box = 0; box < boxes.count; box++) this.#ofBox[box] = this.#inkOf(boxes, box, request);
    return this.#ofBox;
  }

  #inkOf(boxes: Boxes, box: number, request: InkRequest): number {
    if (request.isSearching && boxes.marked[box] === 1) return MATCH_INK;
    const key = request.tree.key[boxes.node[box]!]!;
    const own = boxes.frames[box]! > 1 ? TINY_INK : this.#ownOf(boxes.node[box]!, key, request);
    if (request.isSearching || boxes.row[box]! < request.zoomedRow) return fadedInk(own);
    if (request.dimmed.size > 0 && own !== TINY_INK) {
      const kind = request.names.kind(key);
      if (kind !== null && request.dimmed.has(kind)) return fadedInk(own);
    }
    return own;
  }

  #ownOf(node: number, key: number, { changes, names }: InkRequest): number {
    return changes ? changeInk(changes[node]!) : this.#own(key, names);
  }

  #own(key: number, names: Names): number {
    if (!isFunctionKey(key)) {
      const { kind } = meaningOf(key);
      if (kind === 'root') return ROOT_INK;
      return kind === 'thread' ? THREAD_INK : PROCESS_INK;
    }
    let ink = this.#ofFunction[key]!;
    if (ink === UNKNOWN_INK) {
      ink = frameInk(names.kind(key) ?? 'unknown', names.name(key));
      this.#ofFunction[key] = ink;
    }
    return ink;
  }
}
