import type { Prompt } from '../../../electron/bridge/contract.ts';
import type { Session } from '../session.ts';
import { HostKeyPrompt } from './host-key-prompt.tsx';
import { SecretPrompt } from './secret-prompt.tsx';

/** What the session asks of the user on its way. */
export function SessionPrompt({ prompt, session }: { readonly prompt: Prompt; readonly session: Session }) {
  const answer = (value: string | boolean | null) => session.answer(prompt.id, value);
  return prompt.kind === 'host-key' ? (
    <HostKeyPrompt prompt={prompt} onAnswer={answer} />
  ) : (
    <SecretPrompt prompt={prompt} onAnswer={answer} />
  );
}
