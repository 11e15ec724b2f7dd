/** Redaction between a reader and whatever is made of its Signals. */
import { type Mark, raise, type Signal, type Stretch } from '../../remote-agent/protocol/index.ts';
import type { RedactionPreview, RedactionRules } from '../bridge/redaction.ts';
import { openRecording, type RecordingReader } from '../recording/index.ts';
import { Cut } from './cut.ts';
import { Redactor } from './redactor.ts';

export interface RedactionStage {
  signals(batch: readonly Signal[]): readonly Signal[];
  marks(marks: readonly Mark[]): readonly Mark[];
  /** By what name a process is found in what comes out. */
  process(name: string): string;
  thread(name: string): string;
  container(name: string): string;
}

/** Hides nothing. */
const OPEN: RedactionStage = {
  signals: (batch) => batch,
  marks: (marks) => marks,
  process: (name) => name,
  thread: (name) => name,
  container: (name) => name,
};

export interface ReadOptions {
  readonly stop?: AbortSignal | undefined;
  /** 0..1 */
  readonly onProgress?: ((progress: number) => void) | undefined;
}

/** None: all of the recording. */
export interface PartOptions {
  readonly ranges?: readonly Stretch[];
}

/** null: nothing is to be left out. */
export function cutOf(reader: RecordingReader, { ranges = [], stop }: PartOptions & ReadOptions): Promise<Cut | null> {
  return ranges.length === 0 ? Promise.resolve(null) : Cut.of(reader.batches(), ranges, stop);
}

/**
 * Reads the recordings once, so that a name is known before the first text that has it inside. Of several, what is the
 * same has the same stand-in in all of them; they may then pass one after the other.
 */
export async function redactionOf(
  recordings: string | readonly string[],
  rules: RedactionRules,
  options: ReadOptions = {},
): Promise<RedactionStage> {
  const redactor = new Redactor(rules);
  if (!redactor.hidesAnything) return OPEN;
  for (const recording of new Set([recordings].flat())) await learnFrom(recording, redactor, options);
  return {
    signals: (batch) => batch.map((signal) => redactor.redact(signal)),
    marks: (marks) => redactor.marks(marks),
    process: (name) => redactor.process(name),
    thread: (name) => redactor.thread(name),
    container: (name) => redactor.container(name),
  };
}

async function learnFrom(recording: string, redactor: Redactor, options: ReadOptions): Promise<void> {
  const reader = await openRecording(recording);
  try {
    await learn(reader, redactor, options);
  } catch (error) {
    told(error, recording, options.stop);
  } finally {
    await reader.close();
  }
}

/** What is in the recording, and what of it would leave as what. */
export async function previewRedaction(
  recording: string,
  rules: RedactionRules,
  { ranges = [], stop, onProgress }: ReadOptions & PartOptions = {},
): Promise<RedactionPreview> {
  const redactor = new Redactor(rules);
  const reader = await openRecording(recording);
  try {
    aboutOf(reader, redactor);
    const cut = await cutOf(reader, { ranges, stop });
    for await (const batch of reader.batches()) {
      stop?.throwIfAborted();
      onProgress?.(reader.progress);
      for (const signal of cut ? batch.flatMap((each) => cut.take(each)) : batch) redactor.redact(signal);
    }
    const marks = await reader.marks();
    redactor.marks(cut?.marks(marks) ?? marks);
    return redactor.preview();
  } catch (error) {
    return told(error, recording, stop);
  } finally {
    await reader.close();
  }
}

/** A stop that was asked for is no bug. */
export function told(error: unknown, recording: string, stop: AbortSignal | undefined): never {
  if (stop?.aborted && error === stop.reason) raise('cancelled', `the redaction of ${recording} was stopped`);
  throw error;
}

export async function learn(
  reader: RecordingReader,
  redactor: Redactor,
  { stop, onProgress }: ReadOptions,
): Promise<void> {
  aboutOf(reader, redactor);
  for await (const batch of reader.batches()) {
    stop?.throwIfAborted();
    onProgress?.(reader.progress);
    for (const signal of batch) if (signal.kind === 'device' || signal.kind === 'definitions') redactor.redact(signal);
  }
}

/** What the file says of itself: where it was recorded from, and by what name. */
export function aboutOf({ info }: RecordingReader, redactor: Redactor): { destination: string; hostname: string } {
  const hostname = redactor.hostname(info.hostname);
  return { hostname, destination: redactor.destination(info.destination) };
}
