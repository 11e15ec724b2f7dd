/** `--redact PRESET` of the commands that make something of a recording. */
import path from 'node:path';
import type { RedactionRules } from '../bridge/redaction.ts';
import type { ProfileFilter } from '../export/index.ts';
import { deviceFileName, openRecording } from '../recording/index.ts';
import { type RedactionStage, redactionOf } from '../redact/index.ts';
import type { Arguments, OptionHelp } from './command.ts';
import { HIDE_OPTION, KEEP_OPTION, presetCalled, rulesFor } from './redaction-options.ts';

export const REDACT_OPTIONS: readonly OptionHelp[] = [
  {
    name: 'redact',
    value: 'PRESET',
    help: 'Hide names and addresses: addresses, names or strict. See sonde help redact.',
  },
  HIDE_OPTION,
  KEEP_OPTION,
];

export interface Redacted {
  readonly filter: ProfileFilter;
  readonly stage?: RedactionStage;
}

export function isRedacted(given: Arguments): boolean {
  return REDACT_OPTIONS.some(({ name }) => given.has(name));
}

/** What is asked to be hidden; null = nothing. */
export function redactionRules(given: Arguments): RedactionRules | null {
  if (!isRedacted(given)) return null;
  return rulesFor(presetCalled(given.value('redact') ?? 'none'), given.values('hide'), given.values('keep'));
}

export async function withRedaction(given: Arguments, recording: string, filter: ProfileFilter): Promise<Redacted> {
  const rules = redactionRules(given);
  if (!rules) return { filter };
  const stage = await redactionOf(recording, rules);
  return { stage, filter: filterBehind(stage, filter) };
}

/** What a filter asks for by name has another one behind the stage. */
export function filterBehind(stage: RedactionStage, filter: ProfileFilter): ProfileFilter {
  const { process, thread, container } = filter;
  return {
    ...filter,
    process: process === null ? null : stage.process(process),
    thread: thread === null ? null : stage.thread(thread),
    container: container === null ? null : stage.container(container),
  };
}

/** Beside the recording, but not by its name: the device's own is in it. */
export async function redactedName(recording: string, extension: string): Promise<string> {
  const reader = await openRecording(recording);
  const { startedMs } = reader.info;
  await reader.close();
  return path.join(path.dirname(recording), deviceFileName('redacted', new Date(startedMs), extension));
}
