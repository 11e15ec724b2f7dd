/** `sonde redact FILE`: a recording that may be given to others. */
import { raise } from '../../remote-agent/protocol/index.ts';
import {
  REDACTION_KINDS,
  type RedactionFinding,
  type RedactionPreview,
  type RedactionRules,
} from '../bridge/redaction.ts';
import { RECORDING_EXTENSION } from '../recording/index.ts';
import { previewRedaction, redactRecording } from '../redact/index.ts';
import { type Arguments, type Command, JSON_OPTION, type Result } from './command.ts';
import { OK } from './exit-codes.ts';
import { rangesOf, TIME_OPTIONS } from './export-filter.ts';
import { withRecording } from './foreign.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText } from './quantities.ts';
import { redactedName } from './redact-stage.ts';
import { HIDE_OPTION, KEEP_OPTION, presetCalled, REDACTION_DETAILS, rulesFor } from './redaction-options.ts';
import type { World } from './world.ts';

const MAX_SAMPLES = 3;

export const redact: Command = {
  name: 'redact',
  summary: 'Make a recording that may be given to others.',
  words: ['FILE'],
  options: [
    { name: 'preset', value: 'PRESET', help: 'addresses, names or strict: see below. Default: names.' },
    HIDE_OPTION,
    KEEP_OPTION,
    ...TIME_OPTIONS,
    { name: 'preview', value: null, help: 'Only show what is in the recording, and what would leave as what.' },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      help: 'Where to write it. Default: beside the recording, as redacted-DATE-TIME.sonde.mcap.',
    },
    JSON_OPTION,
  ],
  details: REDACTION_DETAILS,
  run: (given, world) => withRecording(given.words[0] ?? '', (recording) => redactOne(recording, given, world)),
};

async function redactOne(recording: string, given: Arguments, world: World): Promise<Result> {
  const preset = presetCalled(given.value('preset') ?? 'names');
  const rules = rulesFor(preset, given.values('hide'), given.values('keep'));
  const ranges = await rangesOf(given, recording);
  if (given.has('preview')) {
    const preview = await reading(world, (options) => previewRedaction(recording, rules, { ranges, ...options }));
    return { exitCode: OK, text: previewText(preview), json: { ...preview } };
  }
  const file = given.value('output') ?? (await usualName(recording, given));
  const report = await reading(world, (options) => redactRecording({ recording, file, rules, ranges, ...options }));
  const { bytes, preview, warning } = report;
  return {
    exitCode: OK,
    text: `${file}: ${bytesText(bytes)}\n${summaryText(preview)}`,
    json: { file, bytes, ...preview },
    warning,
  };
}

/** Nothing is left beside a file that was only made for this. */
function usualName(recording: string, given: Arguments): Promise<string> {
  if (recording !== given.words[0])
    raise('config-invalid', 'cannot name the file: this is no recording of Sonde', 'Name a file with -o.');
  return redactedName(recording, RECORDING_EXTENSION);
}

interface Reading {
  readonly stop: AbortSignal;
  readonly onProgress: (progress: number) => void;
}

async function reading<T>(world: World, work: (options: Reading) => Promise<T>): Promise<T> {
  const progress = new ProgressLine(world);
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  try {
    return await work({
      stop: stop.signal,
      onProgress: (part) => progress.show(`redacting ${Math.round(part * 100)} %`),
    });
  } finally {
    progress.clear();
    off();
  }
}

function previewText({ rules, kinds }: RedactionPreview): string {
  if (kinds.length === 0) return 'nothing that could be hidden is in it';
  return kinds.flatMap((found) => [headOf(found, rules), ...samplesOf(found, rules)]).join('\n');
}

function headOf({ kind, count }: RedactionFinding, rules: RedactionRules): string {
  return `${REDACTION_KINDS[kind].title}: ${count}, ${rules[kind] ? 'hidden' : 'NOT hidden'}`;
}

function samplesOf({ kind, samples }: RedactionFinding, rules: RedactionRules): string[] {
  return samples
    .slice(0, MAX_SAMPLES)
    .map(({ before, after }) => (rules[kind] || before !== after ? `  ${before}  →  ${after}` : `  ${before}`));
}

function summaryText({ rules, kinds }: RedactionPreview): string {
  const told = (hidden: boolean): string =>
    kinds
      .filter(({ kind }) => rules[kind] === hidden)
      .map(({ kind, count }) => `${REDACTION_KINDS[kind].title.toLowerCase()} (${count})`)
      .join(', ') || 'nothing';
  return `hidden: ${told(true)}\nnot hidden: ${told(false)}`;
}
