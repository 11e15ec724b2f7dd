/** Words that a person, the agent or a trigger put on the time axis. A recording keeps them as JSON. */
import { safeText } from './text.ts';
import type { MonotonicNs } from './signal.ts';

/** A part of the time axis. */
export interface Stretch {
  readonly fromNs: MonotonicNs;
  readonly toNs: MonotonicNs;
}

const MARK_AUTHORS = ['user', 'agent', 'trigger'] as const;

/** On a moment (fromNs = toNs) or a stretch. */
export interface Mark extends Stretch {
  readonly id: string;
  readonly text: string;
  readonly by: (typeof MARK_AUTHORS)[number];
}

/** Of one recording. */
export const MAX_MARKS = 1000;
export const MAX_MARK_TEXT = 2000;
const MAX_MARK_ID = 64;

export function marksToJson(marks: readonly Mark[]): string {
  return JSON.stringify(marks.map(({ id, fromNs, toNs, text, by }) => ({ id, fromNs, toNs, text, by })));
}

/** What of it are marks: a file may say anything. */
export function marksFromJson(json: string): readonly Mark[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  return Array.isArray(list) ? list.slice(0, MAX_MARKS).flatMap(markOf) : [];
}

function markOf(entry: unknown): Mark[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { id, fromNs, toNs, text, by } = entry as Readonly<Record<string, unknown>>;
  const author = MARK_AUTHORS.find((known) => known === by);
  if (typeof id !== 'string' || id === '' || typeof text !== 'string' || !author) return [];
  if (!isTime(fromNs) || !isTime(toNs) || fromNs > toNs) return [];
  return [{ id: safeText(id, MAX_MARK_ID), fromNs, toNs, text: safeText(text, MAX_MARK_TEXT), by: author }];
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
