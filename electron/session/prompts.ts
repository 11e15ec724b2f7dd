/** Questions to the user: numbered on their way out, answered once; passwords are remembered while the session lives. */
import type { Prompt } from '../bridge/contract.ts';
import type { Ask, Question } from '../ssh/index.ts';

type Answer = string | boolean | null;

export class Prompts {
  readonly #show: (prompt: Prompt) => void;
  readonly #settled: () => void;
  /** In memory only, for making the link again without asking again. */
  readonly #remembered = new Map<string, string>();
  #open: { readonly id: number; readonly resolve: (value: Answer) => void } | null = null;
  #nextId = 1;

  constructor(show: (prompt: Prompt) => void, settled: () => void) {
    this.#show = show;
    this.#settled = settled;
  }

  /** Asks the user. */
  readonly ask: Ask = async (question) => {
    const value = await this.#put(question);
    const key = memoryKey(question);
    if (key !== null && typeof value === 'string') this.#remembered.set(key, value);
    return value;
  };

  /** For attempts nobody watches: what was answered before, once; else "cancelled". */
  readonly recall: Ask = (question) => {
    const key = memoryKey(question);
    const retry = question.kind === 'secret' && question.retry;
    return Promise.resolve(key === null || retry ? null : (this.#remembered.get(key) ?? null));
  };

  /** Of the prompt that is open; others are ignored. */
  answer(id: number, value: Answer): void {
    if (this.#open?.id !== id) return;
    const { resolve } = this.#open;
    this.#open = null;
    this.#settled();
    resolve(value);
  }

  /** The open question is declined, and so is every later one; secrets are forgotten. */
  close(): void {
    this.#remembered.clear();
    if (this.#open) this.answer(this.#open.id, null);
  }

  #put(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#open?.resolve(null);
      this.#open = { id, resolve };
      this.#show({ ...question, id });
    });
  }
}

/** null = an answer that holds only once: a one-time code, a host key (known_hosts remembers that). */
function memoryKey(question: Question): string | null {
  if (question.kind !== 'secret' || question.purpose === 'keyboard-interactive') return null;
  return `${question.purpose} ${question.text}`;
}
