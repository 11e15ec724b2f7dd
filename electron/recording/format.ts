/** What makes an MCAP file a recording of Sonde. FORMAT.md says it in prose and keeps the history. */
import type { RecordKind } from '../../remote-agent/protocol/index.ts';

/** Raised when an older Sonde could misread a newer file; new channels and fields do not need it. */
export const FORMAT_VERSION = 2;
export const PROFILE = 'sonde';
export const SCHEMA_ENCODING = 'protobuf';
export const SCHEMA_PREFIX = 'sonde.v1.';

/** Metadata records. Keys are written into files: never renamed. */
export const ABOUT = 'sonde';
export interface About {
  readonly formatVersion: string;
  readonly sondeVersion: string;
  /** As the user gave it, without a password. */
  readonly destination: string;
  readonly hostname: string;
  /** Workstation's clock, ISO 8601. */
  readonly started: string;
  /** Which process writes it: writer-mark.ts. Without it an end that is missing may still be coming. */
  readonly writer?: string;
  /** Only in a file that was put in order: how many records it had before, and whether its end was missing. */
  readonly tidied?: string;
  readonly endMissing?: string;
}

/** Which moment of the device's CLOCK_MONOTONIC was which of the workstation's clock: one more per agent run. */
export const CLOCK = 'sonde-clock';
export interface ClockAnchor {
  readonly deviceMonotonicNs: string;
  readonly workstationNs: string;
}

/** The marks of the recording as JSON, in the entry of this name; the last such record holds. */
export const MARKS = 'sonde-marks';
export const MARKS_ENTRY = 'marks';
/** A full list of the longest marks, in whatever script. */
export const MAX_MARKS_LENGTH = 16 << 20;

/** Windows have a channel per probe. */
export const TOPICS: Readonly<Record<Exclude<RecordKind, 'window'>, string>> = {
  clock: '/clock',
  cost: '/cost',
  definitions: '/definitions',
  device: '/device',
  note: '/note',
  probeEvent: '/probe',
};

/** What only a file that was put in order has. FORMAT.md says what is in them. */
export const INDEX_TOPIC = '/index';
export const SERIES_TOPIC = '/series';
export const RUN_TYPE = `${SCHEMA_PREFIX}WindowRun`;
const RUN_TOPIC = '/windows/';
const SUM_TOPICS = { minute: '/sum-minute/', hour: '/sum-hour/' } as const;
export type SumLevel = keyof typeof SUM_TOPICS;

/** Windows as they were recorded, a minute of them in a message. */
export function runTopic(probe: string): string {
  return `${RUN_TOPIC}${probe}`;
}

export function isRunTopic(topic: string): boolean {
  return topic.startsWith(RUN_TOPIC);
}

/** Windows added up: what is in them is in the others already. */
export function sumTopic(level: SumLevel, what: string): string {
  return `${SUM_TOPICS[level]}${what}`;
}

/** Nothing in it that is not in other channels: whoever reads all passes it over. */
export function isDerivedTopic(topic: string): boolean {
  return (
    topic === INDEX_TOPIC || topic === SERIES_TOPIC || Object.values(SUM_TOPICS).some((sum) => topic.startsWith(sum))
  );
}

/** Where the index is: `offset` and `length` of its chunk. */
export const INDEX_PLACE = 'sonde-index';

export function windowTopic(probe: string): string {
  return `/window/${probe}`;
}

/** null for a topic of someone else: then the schema's name decides. */
export function recordKindOfTopic(topic: string): RecordKind | null {
  if (topic.startsWith(windowTopic(''))) return 'window';
  for (const [kind, known] of Object.entries(TOPICS)) if (known === topic) return kind as keyof typeof TOPICS;
  return null;
}
