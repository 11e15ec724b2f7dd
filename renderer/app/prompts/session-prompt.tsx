import type { Prompt } from '../../../electron/bridge/contract.ts';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { HostKeyPrompt } from './host-key-prompt.tsx';
import { SecretPrompt } from './secret-prompt.tsx';

/** What the session asks of the user on its way. */
export function SessionPrompt({
  prompt,
  session,
  controller,
}: {
  readonly prompt: Prompt;
  readonly session: Session;
  readonly controller: Controller;
}) {
  const answer = (value: string | boolean | null, keep = false) => session.answer(prompt.id, value, keep);
  return prompt.kind === 'host-key' ? (
    <HostKeyPrompt prompt={prompt} onAnswer={answer} />
  ) : (
    <SecretPrompt prompt={prompt} controller={controller} onAnswer={answer} />
  );
}
