/** The order in which ways to log in are tried: none (to hear what is offered), keys, keyboard-interactive, password. */
import type { AnyAuthMethod, Prompt } from 'ssh2';
import { type Fault, faultOf } from '../../remote-agent/protocol/fault.ts';
import { safeText } from '../../remote-agent/protocol/text.ts';
import { type Ask, askSecret } from './ask.ts';
import type { Hop } from './hop.ts';
import { gatherIdentities } from './identities.ts';
import { KeyRing } from './key-ring.ts';

/** As ssh does (NumberOfPasswordPrompts). */
const SECRET_TRIES = 3;
const MAX_PROMPT_LENGTH = 300;

export class Authentication {
  /** What was tried, in words, in order. */
  readonly tried: string[] = [];
  /** What the device says it accepts; null = it was not asked yet. */
  offered: readonly string[] | null = null;
  /** Set when going on makes no sense: the user cancelled, a given key cannot be used. */
  fault: Fault | null = null;
  private readonly hop: Hop;
  private readonly ask: Ask;
  private readonly log: (line: string) => void;
  private ring: KeyRing | null = null;
  private keysTried = false;
  private secretTries = 0;
  private lastMethod = 'none';

  constructor(hop: Hop, ask: Ask, log: (line: string) => void) {
    this.hop = hop;
    this.ask = ask;
    this.log = log;
  }

  /** How the user got in, once in. */
  get usedMethod(): string {
    return this.ring?.lastSigned ?? this.lastMethod;
  }

  /** The next method, or false = there is none left. `left` null = first call. */
  async next(left: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod | false> {
    if (left === null) return { type: 'none', username: this.hop.user };
    if (partial) this.log(`the device wants another proof: ${left.join(', ')}`);
    this.offered = left;
    try {
      return await this.choose(left);
    } catch (error) {
      this.stop(error);
      return false;
    }
  }

  private async choose(left: readonly string[]): Promise<AnyAuthMethod | false> {
    if (this.ring?.fault) throw this.ring.fault;
    if (this.fault) return false;
    const username = this.hop.user;
    if (left.includes('publickey') && !this.keysTried) {
      this.keysTried = true;
      const ring = new KeyRing(await gatherIdentities(this.hop, this.ask, this.log), this.ask, this.log);
      this.ring = ring;
      this.tried.push(...ring.labels);
      if (ring.labels.length > 0) return { type: 'agent', username, agent: ring };
    }
    if (this.secretTries >= SECRET_TRIES) return false;
    if (left.includes('keyboard-interactive')) {
      this.lastMethod = 'keyboard-interactive';
      const retry = this.secretTries++ > 0;
      this.tried.push('keyboard-interactive');
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (name, instructions, _language, prompts, finish) =>
          void this.answer(name, instructions, prompts, retry, finish),
      };
    }
    if (!left.includes('password')) return false;
    this.lastMethod = 'password';
    const retry = this.secretTries++ > 0;
    const password = await askSecret(this.ask, {
      purpose: 'password',
      text: `Password of ${username}@${this.hop.host}`,
      retry,
    });
    this.tried.push('password');
    return { type: 'password', username, password };
  }

  private async answer(
    name: string,
    instructions: string,
    prompts: readonly Prompt[],
    retry: boolean,
    finish: (answers: string[]) => void,
  ): Promise<void> {
    const answers: string[] = [];
    try {
      for (const { prompt } of prompts) {
        const words = [name, instructions, prompt]
          .map((text) => text.trim())
          .filter((text) => text !== '')
          .join(' ');
        const text = `${this.hop.user}@${this.hop.host}: ${safeText(words, MAX_PROMPT_LENGTH)}`;
        answers.push(await askSecret(this.ask, { purpose: 'keyboard-interactive', text, retry }));
      }
    } catch (error) {
      this.stop(error);
    }
    finish(answers); // too few answers make the device refuse: next() then ends it
  }

  /** Expected failures end the attempt; bugs go on being thrown. */
  private stop(error: unknown): void {
    const fault = faultOf(error);
    if (!fault) throw error;
    this.fault ??= fault;
  }
}
