/**
 * Passwords that were kept answer the questions they were kept for, each once: a wrong one is asked for. Not on a
 * connection on which the device was a stranger: nobody can say yet to whom they would be told.
 */
import { keptPurposeOf, type Prompt, type Secret, type SessionView } from '../bridge/index.ts';

type SecretPrompt = Extract<Prompt, { kind: 'secret' }>;

export interface KeptSecretsDeps {
  readonly answer: (prompt: number, value: string) => void;
  /** They were accepted. */
  readonly keep: (secrets: readonly Secret[]) => void;
}

export class KeptSecrets {
  readonly #kept: readonly Secret[];
  readonly #deps: KeptSecretsDeps;
  /** Typed, and to be kept once the device has accepted them. By question. */
  readonly #wanted = new Map<string, Secret>();
  #metStranger = false;
  #asked: SecretPrompt | null = null;

  constructor(kept: readonly Secret[], deps: KeptSecretsDeps) {
    this.#kept = kept;
    this.#deps = deps;
  }

  /** What the window shall see of it: a question that is answered here is none. */
  see(view: SessionView): SessionView {
    if (view.kind === 'live') this.#accepted();
    if (view.kind !== 'connecting' || !view.prompt) return view;
    const { prompt } = view;
    if (prompt.kind === 'host-key') {
      this.#metStranger = true;
      return view;
    }
    const secret = this.#answerTo(prompt);
    if (secret === null) {
      this.#asked = prompt;
      return view;
    }
    // The session is amid telling its view: it is answered when it has finished.
    queueMicrotask(() => this.#deps.answer(prompt.id, secret));
    return { ...view, prompt: null };
  }

  /** The user has answered. */
  answered(prompt: number, value: string | boolean | null, keep: boolean): void {
    if (this.#asked?.id !== prompt) return;
    const { text } = this.#asked;
    const purpose = keptPurposeOf(this.#asked);
    if (purpose === null) return;
    const question = `${purpose} ${text}`;
    // Also one that was to be kept and turned out wrong.
    this.#wanted.delete(question);
    if (keep && typeof value === 'string') this.#wanted.set(question, { purpose, text, secret: value });
  }

  #answerTo(prompt: SecretPrompt): string | null {
    if (prompt.retry || this.#metStranger) return null;
    const { text } = prompt;
    const purpose = keptPurposeOf(prompt);
    return this.#kept.find((kept) => kept.purpose === purpose && kept.text === text)?.secret ?? null;
  }

  #accepted(): void {
    if (this.#wanted.size > 0) this.#deps.keep([...this.#wanted.values()]);
    this.#wanted.clear();
  }
}
