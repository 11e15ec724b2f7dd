/** `--redact PRESET` of the commands that make something of a recording. */
import path from 'node:path';
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

/** What the filter asks for by name has another one behind the stage. */
export async function withRedaction(given: Arguments, recording: string, filter: ProfileFilter): Promise<Redacted> {
  if (!isRedacted(given)) return { filter };
  const rules = rulesFor(presetCalled(given.value('redact') ?? 'none'), given.values('hide'), given.values('keep'));
  const stage = await redactionOf(recording, rules);
  const { process, thread, container } = filter;
  return {
    stage,
    filter: {
      ...filter,
      process: process === null ? null : stage.process(process),
      thread: thread === null ? null : stage.thread(thread),
      container: container === null ? null : stage.container(container),
    },
  };
}

/** Beside the recording, but not by its name: the device's own is in it. */
export async function redactedName(recording: string, extension: string): Promise<string> {
  const reader = await openRecording(recording);
  const { startedMs } = reader.info;
  await reader.close();
  return path.join(path.dirname(recording), deviceFileName('redacted', new Date(startedMs), extension));
}
