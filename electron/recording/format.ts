/** What makes an MCAP file a recording of Sonde. FORMAT.md says it in prose and keeps the history. */
import type { RecordKind } from '../../remote-agent/protocol/index.ts';

/** Raised when an older Sonde could misread a newer file; new channels and fields do not need it. */
export const FORMAT_VERSION = 1;
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
}

/** Which moment of the device's CLOCK_MONOTONIC was which of the workstation's clock: one more per agent run. */
export const CLOCK = 'sonde-clock';
export interface ClockAnchor {
  readonly deviceMonotonicNs: string;
  readonly workstationNs: string;
}

/** Windows have a channel per probe. */
export const TOPICS: Readonly<Record<Exclude<RecordKind, 'window'>, string>> = {
  clock: '/clock',
  cost: '/cost',
  definitions: '/definitions',
  device: '/device',
  note: '/note',
  probeEvent: '/probe',
};

export function windowTopic(probe: string): string {
  return `/window/${probe}`;
}

/** null for a topic of someone else: then the schema's name decides. */
export function recordKindOfTopic(topic: string): RecordKind | null {
  if (topic.startsWith(windowTopic(''))) return 'window';
  for (const [kind, known] of Object.entries(TOPICS)) if (known === topic) return kind as keyof typeof TOPICS;
  return null;
}
