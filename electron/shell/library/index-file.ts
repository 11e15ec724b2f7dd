/** What is remembered of the recordings: what was found in them, which can be found again, and what the user said. */
import path from 'node:path';
import {
  isBoolean,
  isInteger,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isRecord,
  isText,
  isVariant,
  isName,
  orNull,
  type Shape,
} from '../../bridge/index.ts';
import { type AboutRecording, type CleanUpRules, NO_RULES } from '../../bridge/library.ts';
import { JsonFile } from '../json-file.ts';

/** More recordings than a folder lists in a moment. */
const MAX_FILES = 100_000;
const MAX_NOTE = 4000;

export interface Looked {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly about: AboutRecording;
}

/** By file name. */
export type LookedFiles = Readonly<Record<string, Looked>>;

export interface UserWords {
  readonly notes: Readonly<Record<string, string>>;
  readonly kept: readonly string[];
  readonly rules: CleanUpRules;
}

type About<K> = Extract<AboutRecording, { kind: K }>;

export const isAbout: Shape<AboutRecording> = isVariant<AboutRecording>({
  waiting: isObject<About<'waiting'>>({ kind: isOneOf('waiting') }),
  unreadable: isObject<About<'unreadable'>>({ kind: isOneOf('unreadable'), message: isText(), hint: isText() }),
  read: isObject<About<'read'>>({
    kind: isOneOf('read'),
    hostname: isText(),
    destination: isText(),
    startedMs: isNumber(),
    seconds: isNumber(),
    isComplete: isBoolean,
    probes: isList(isText(), 64),
    processes: isList(isText(), 64),
    topShare: orNull(isNumber(0, 1)),
    lost: isNumber(0),
    marks: isList(isText(), 64),
  }),
});

const isLooked = isRecord(
  isName(1024),
  isObject<Looked>({ bytes: isInteger(0), modifiedMs: isNumber(), about: isAbout }),
  MAX_FILES,
);

const isWords = isObject<UserWords>({
  notes: isRecord(isName(1024), isText(MAX_NOTE), MAX_FILES),
  kept: isList(isName(1024), MAX_FILES),
  rules: isObject<CleanUpRules>({ maxBytes: orNull(isNumber(0)), maxDays: orNull(isNumber(0)) }),
});

/** Two files: one of them may be thrown away at any time. */
export function libraryFiles(folder: string): { looked: JsonFile<LookedFiles>; words: JsonFile<UserWords> } {
  return {
    looked: new JsonFile<LookedFiles>(path.join(folder, 'library-index.json'), isLooked, {}),
    words: new JsonFile<UserWords>(path.join(folder, 'library.json'), isWords, {
      notes: {},
      kept: [],
      rules: NO_RULES,
    }),
  };
}
