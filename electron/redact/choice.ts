/**
 * What all stand-ins have in common: whether a kind is hidden, numbers, names that were learned. The ledger is told of
 * everything that was found, also of a kind that is not hidden.
 */
import type { RedactionKind, RedactionRules } from '../bridge/redaction.ts';
import type { Ledger } from './ledger.ts';
import { Numbers } from './numbers.ts';
import { Words } from './words.ts';

export abstract class Choice {
  readonly rules: RedactionRules;
  protected readonly words = new Words();
  private readonly ledger: Ledger;
  private readonly numbers = new Map<string, Numbers>();

  constructor(rules: RedactionRules, ledger: Ledger) {
    this.rules = rules;
    this.ledger = ledger;
  }

  /** `left`: what becomes of it where its kind is not hidden. */
  protected either(
    kind: RedactionKind,
    before: string,
    hidden: () => string,
    left: (text: string) => string = (text) => text,
  ): string {
    return this.ledger.note(kind, before, this.rules[kind] ? hidden() : left(before));
  }

  protected number(within: string, text: string): number {
    let numbers = this.numbers.get(within);
    if (!numbers) this.numbers.set(within, (numbers = new Numbers()));
    return numbers.of(text);
  }
}
