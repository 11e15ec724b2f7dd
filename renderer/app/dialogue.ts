import type { StoreApi } from 'zustand/vanilla';
import type { RequestName, Requests } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { AppState, Question, Toast } from './app-state.ts';
import type { Desk } from './desk.ts';

/** Good news goes away by itself after ten seconds, long enough to reach "Show in folder"; bad news stays. */
const TOAST_MS = 10_000;

/** What is asked of the program, told to the user, and asked of the user. */
export class Dialogue {
  readonly #desk: Desk;
  readonly #state: StoreApi<AppState>;
  #nextToast = 1;

  constructor(desk: Desk, state: StoreApi<AppState>) {
    this.#desk = desk;
    this.#state = state;
  }

  /** The value, or undefined after the failure was told. */
  async ask<N extends RequestName>(name: N, ...args: Requests[N]['args']): Promise<Requests[N]['result'] | undefined> {
    const answer = await this.#desk.bridge.request(name, ...args);
    if (answer.ok) return answer.value;
    this.tell(answer.fault);
    return undefined;
  }

  question(question: Question): void {
    const answered = (act: () => void) => () => {
      this.#state.setState({ question: null });
      act();
    };
    this.#state.setState({ question: { ...question, onYes: answered(question.onYes), onNo: answered(question.onNo) } });
  }

  /** A failure that is nobody's screen. */
  tell(fault: Fault): void {
    this.toast({ text: fault.message, file: null, fault });
  }

  toast(toast: Omit<Toast, 'id'>): void {
    const id = this.#nextToast++;
    // The newest three are enough: older ones were seen or are no longer wanted.
    this.#state.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), { ...toast, id }] }));
    if (!toast.fault) setTimeout(() => this.closeToast(id), TOAST_MS);
  }

  closeToast(id: number): void {
    this.#state.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }
}
