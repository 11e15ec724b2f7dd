/** How this room asks the user something: a question goes out, an answer or null (cancelled) comes back. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { Prompt } from '../bridge/contract.ts';

type WithoutId<P> = P extends unknown ? Omit<P, 'id'> : never;
/** A Prompt as the window shows it; whoever carries it there numbers it. */
export type Question = WithoutId<Prompt>;
export type SecretQuestion = Extract<Question, { kind: 'secret' }>;

/** host-key is answered with a boolean, secret with a string; null = the user closed the question. */
export type Ask = (question: Question) => Promise<string | boolean | null>;

/** The secret, or the fault `cancelled`. */
export async function askSecret(ask: Ask, question: Omit<SecretQuestion, 'kind'>): Promise<string> {
  const answer = await ask({ kind: 'secret', ...question });
  if (typeof answer === 'string') return answer;
  return raise('cancelled', `cannot go on without an answer to: ${question.text}`);
}

/** For callers without a user in front of them: every question is answered with "cancelled". */
export const askNobody: Ask = () => Promise.resolve(null);
