import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { RangeNs } from '../../store/index.ts';
import type { ComparedSide } from '../../views/compare/index.ts';
import { otherRange, sideOf } from './compared-side.ts';
import type { Session } from '../session.ts';

/** What stands in place of the session's own screen; null = nothing does. */
export type Comparison =
  /** The other recording is being read. `session`: null until it is there. */
  | { readonly kind: 'opening'; readonly name: string; readonly session: Session | null }
  | { readonly kind: 'open'; readonly before: ComparedSide; readonly after: ComparedSide };

export interface CompareState {
  readonly comparison: Comparison | null;
  /** A range that was put aside to be compared with another one of the same session. */
  readonly kept: { readonly session: string; readonly range: RangeNs } | null;
}

/** What a comparison needs of the window. */
export interface CompareOpener {
  /** null = the user chose none, or it was told why it cannot be opened. */
  openBeside(file: string | null): Promise<Session | null>;
  closeBeside(session: Session): void;
  tell(fault: Fault): void;
}

/** Compares ranges and recordings. What is compared stands still: a live session goes on behind it. */
export class CompareDesk {
  readonly state: StoreApi<CompareState> = createStore<CompareState>(() => ({ comparison: null, kept: null }));
  readonly #opener: CompareOpener;
  /** Of the newest wish: an older one that is answered late is not shown. */
  #turn = 0;

  constructor(opener: CompareOpener) {
    this.#opener = opener;
  }

  compareRanges(session: Session, before: RangeNs, after: RangeNs): void {
    this.close();
    this.#show(sideOf(session, before), sideOf(session, after));
  }

  /** All of another recording is before, the range of the session after. file null = choose with the system's dialog. */
  async compareRecording(session: Session, range: RangeNs, file: string | null, name: string): Promise<void> {
    this.close();
    const turn = this.#turn;
    const after = sideOf(session, range);
    this.state.setState({ comparison: { kind: 'opening', name, session: null } });
    const other = await this.#opener.openBeside(file);
    if (turn !== this.#turn) return other ? this.#opener.closeBeside(other) : undefined;
    if (!other) return this.close();
    this.state.setState({ comparison: { kind: 'opening', name, session: other } });
    const fault = await readWhole(other);
    if (turn !== this.#turn) return;
    const { firstNs, lastNs } = other.snapshots.getState();
    // A snapshot stays readable when its session is closed.
    const before = sideOf(other, { fromNs: firstNs, toNs: lastNs });
    this.close();
    if (fault) this.#opener.tell(fault);
    else this.#show(before, after);
  }

  swap(): void {
    const { comparison } = this.state.getState();
    if (comparison?.kind === 'open') this.#show(comparison.after, comparison.before);
  }

  /** Another part of one side. */
  showPart(side: 'before' | 'after', range: RangeNs): void {
    const { comparison } = this.state.getState();
    if (comparison?.kind !== 'open') return;
    const { before, after } = comparison;
    if (side === 'before') this.#show(otherRange(before, range), after);
    else this.#show(before, otherRange(after, range));
  }

  keep(session: Session, range: RangeNs): void {
    this.state.setState({ kept: { session: session.id, range } });
  }

  close(): void {
    this.#turn++;
    const { comparison } = this.state.getState();
    if (comparison?.kind === 'opening' && comparison.session) this.#opener.closeBeside(comparison.session);
    this.state.setState({ comparison: null });
  }

  #show(before: ComparedSide, after: ComparedSide): void {
    this.state.setState({ comparison: { kind: 'open', before, after } });
  }
}

/** Resolves when all of it is there, or with why it is not. */
function readWhole(session: Session): Promise<Fault | null> {
  return new Promise((resolve) => {
    let off = (): void => undefined;
    const look = () => {
      const { view, notice } = session.state.getState();
      const isWhole = view?.kind === 'replay' && view.complete;
      const fault = view?.kind === 'ended' ? (view.fault ?? notice) : notice;
      if (!isWhole && !fault && view?.kind !== 'ended') return;
      off();
      resolve(isWhole ? null : (fault ?? NOTHING_THERE));
    };
    off = session.state.subscribe(look);
    look();
  });
}

const NOTHING_THERE: Fault = {
  code: 'bad-recording',
  message: 'cannot compare: the recording ended before it was read',
};
