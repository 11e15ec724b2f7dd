/** What each message of the bridge must look like. Anything else is refused at the door, never repaired. */
import { MAX_MARK_TEXT, MAX_MARKS } from '../../remote-agent/protocol/marks.ts';
import { MAX_TRIGGER_TEXT, MAX_TRIGGERS } from '../../remote-agent/protocol/triggers.ts';
import { PROBES } from '../../remote-agent/protocol/probes/index.ts';
import { MIN_UNATTENDED_BYTES } from '../../remote-agent/protocol/unattended.ts';
import {
  type CaptureOrder,
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportKind,
  type ExportTable,
  type Mark,
  MAX_RANGES,
  type PortToHost,
  type ProbeChoice,
  type RequestName,
  type Requests,
  type Stretch,
  type Target,
  type UnattendedOrder,
} from './contract.ts';
import type { CleanUpRules, DeleteWay } from './library.ts';
import { SAMPLE_HZ, type Settings, THEMES } from './settings.ts';
import { REDACTION_KIND_NAMES, type RedactionKind, type RedactionRules } from './redaction.ts';
import {
  either,
  isBoolean,
  isInteger,
  isList,
  isName,
  isNumber,
  isObject,
  isOneOf,
  isRecord,
  isText,
  isTuple,
  isVariant,
  orNull,
  type Shape,
} from './shape.ts';

/** Longest text that is put on the clipboard: a large table as CSV. */
const CLIPBOARD_LIMIT = 16 << 20;
/** A pasted private-key passphrase or one-time code; nobody types more. */
export const SECRET_LIMIT = 4096;

const isDestination = isName(1024);
const isPath = isName(4096);
const isFormat = isOneOf<ExportFormat>(...EXPORT_FORMATS);
const isTable = isOneOf<ExportTable>('calls', 'dns', 'drops', 'errors', 'flows', 'slow');
const isSessionId = isName(64);
const isProbe = isName(64);
const isOptions = isRecord(isName(64), isText(4096), 32);
/** More probes than there will ever be. */
const MAX_PROBES = 32;

/** Words of a user about a recording. */
const NOTE_LIMIT = 4000;
const isFiles = isList(isPath, 100_000);
const isWay = isOneOf<DeleteWay>('trash', 'for-ever');

const isRules: Shape<RedactionRules> = isObject<RedactionRules>(
  Object.fromEntries(REDACTION_KIND_NAMES.map((kind) => [kind, isBoolean])) as Record<RedactionKind, Shape<boolean>>,
);

export const isMark: Shape<Mark> = isObject<Mark>({
  id: isName(64),
  fromNs: isNumber(0),
  toNs: isNumber(0),
  text: isText(MAX_MARK_TEXT),
  by: isOneOf('user', 'agent', 'trigger'),
});

const isRanges = isList(isObject<Stretch>({ fromNs: isNumber(0), toNs: isNumber(0) }), MAX_RANGES);

/** Of bpf/capture/capture.c, which checks them again. */
const SNAP_BYTES = { min: 64, max: 262_144 } as const;
const FILTER_LIMIT = 8192;

const isCaptureOrder: Shape<CaptureOrder> = isObject<CaptureOrder>({
  file: isPath,
  filter: isText(FILTER_LIMIT),
  snapBytes: isInteger(SNAP_BYTES.min, SNAP_BYTES.max),
  rateBytes: orNull(isInteger(1, 1_000_000_000)),
  ratePackets: orNull(isInteger(1, 10_000_000)),
  maxBytes: orNull(isInteger(1)),
  maxSeconds: orNull(isNumber(0)),
});

const isProbeChoice: Shape<ProbeChoice> = isObject<ProbeChoice>({ probe: isProbe, options: isOptions });
const isTriggers = isList(isName(MAX_TRIGGER_TEXT), MAX_TRIGGERS);

const isUnattendedOrder: Shape<UnattendedOrder> = isObject<UnattendedOrder>({
  probes: isList(isProbeChoice, MAX_PROBES, 1),
  forS: isNumber(1),
  maxBytes: isNumber(MIN_UNATTENDED_BYTES),
  triggers: isTriggers,
  beforeS: isNumber(0),
  afterS: isNumber(0),
});

const TARGET = {
  destination: isDestination,
  identityFiles: isList(isPath, 16),
  knownHostsFile: orNull(isPath),
  probes: isList(isProbeChoice, MAX_PROBES, 1),
};

export const isTarget: Shape<Target> = either(
  isObject<Omit<Target, 'record'>>(TARGET),
  isObject<Required<Target>>({ ...TARGET, record: isBoolean }),
);

export const isSettings: Shape<Settings> = isObject<Settings>({
  theme: isOneOf(...THEMES),
  probes: isList(isOneOf(...PROBES.map(({ id }) => id)), MAX_PROBES, 1),
  sampleHz: isInteger(SAMPLE_HZ.min, SAMPLE_HZ.max),
  recordingsFolder: orNull(isPath),
});

export const ARGUMENTS: { readonly [N in RequestName]: Shape<Requests[N]['args']> } = {
  'app-info': isTuple<[]>(),
  'dismiss-welcome': isTuple<[]>(),
  settings: isTuple<[]>(),
  'set-settings': isTuple<[Settings]>(isSettings),
  'choose-recordings-folder': isTuple<[]>(),
  'forget-host-key': isTuple<[string]>(isDestination),
  'secret-store': isTuple<[]>(),
  'forget-secret': isTuple<[string]>(isName(64)),
  'answer-quit': isTuple<[boolean]>(isBoolean),
  'recent-devices': isTuple<[]>(),
  'forget-device': isTuple<[string]>(isDestination),
  'recent-recordings': isTuple<[]>(),
  connect: isTuple<[Target]>(isTarget),
  'open-recording': isTuple<[string | null]>(orNull(isPath)),
  'close-session': isTuple<[string]>(isSessionId),
  'choose-key-file': isTuple<[]>(),
  'choose-export-file': isTuple<[string, ExportFormat]>(isName(255), isFormat),
  'choose-share-file': isTuple<[string]>(isName(255)),
  'choose-capture-file': isTuple<[string]>(isName(255)),
  'has-wireshark': isTuple<[]>(),
  'open-in-wireshark': isTuple<[string]>(isPath),
  library: isTuple<[]>(),
  'note-recording': isTuple<[string, string]>(isPath, isText(NOTE_LIMIT)),
  'keep-recording': isTuple<[string, boolean]>(isPath, isBoolean),
  'delete-recordings': isTuple<[readonly string[], DeleteWay]>(isFiles, isWay),
  'set-clean-up-rules': isTuple<[CleanUpRules]>(
    isObject<CleanUpRules>({ maxBytes: orNull(isNumber(0)), maxDays: orNull(isNumber(0)) }),
  ),
  'clean-up': isTuple<[readonly string[], DeleteWay]>(isFiles, isWay),
  'show-in-folder': isTuple<[string]>(isPath),
  'copy-text': isTuple<[string]>(isText(CLIPBOARD_LIMIT)),
};

type ToHost<K extends PortToHost['kind']> = Extract<PortToHost, { kind: K }>;

export const isPortToHost: Shape<PortToHost> = isVariant<PortToHost>({
  ack: isObject<ToHost<'ack'>>({ kind: isOneOf('ack'), batch: isInteger(0) }),
  answer: isObject<ToHost<'answer'>>({
    kind: isOneOf('answer'),
    prompt: isInteger(0),
    value: orNull(either(isText(SECRET_LIMIT), isBoolean)),
    keep: isBoolean,
  }),
  disconnect: isObject<ToHost<'disconnect'>>({ kind: isOneOf('disconnect') }),
  'reconnect-now': isObject<ToHost<'reconnect-now'>>({ kind: isOneOf('reconnect-now') }),
  'start-probe': isObject<ToHost<'start-probe'>>({ kind: isOneOf('start-probe'), probe: isProbe, options: isOptions }),
  'stop-probe': isObject<ToHost<'stop-probe'>>({ kind: isOneOf('stop-probe'), probe: isProbe }),
  'start-capture': isObject<ToHost<'start-capture'>>({ kind: isOneOf('start-capture'), order: isCaptureOrder }),
  'stop-capture': isObject<ToHost<'stop-capture'>>({ kind: isOneOf('stop-capture') }),
  'keep-last': isObject<ToHost<'keep-last'>>({ kind: isOneOf('keep-last'), seconds: isNumber(1) }),
  'set-triggers': isObject<ToHost<'set-triggers'>>({
    kind: isOneOf('set-triggers'),
    triggers: isTriggers,
    keep: isBoolean,
  }),
  'record-unattended': isObject<ToHost<'record-unattended'>>({
    kind: isOneOf('record-unattended'),
    order: isUnattendedOrder,
  }),
  'fetch-recording': isObject<ToHost<'fetch-recording'>>({ kind: isOneOf('fetch-recording'), id: isName(64) }),
  'delete-recording': isObject<ToHost<'delete-recording'>>({ kind: isOneOf('delete-recording'), id: isName(64) }),
  'set-marks': isObject<ToHost<'set-marks'>>({ kind: isOneOf('set-marks'), marks: isList(isMark, MAX_MARKS) }),
  'show-range': isObject<ToHost<'show-range'>>({
    kind: isOneOf('show-range'),
    fromNs: orNull(isNumber(0)),
    toNs: orNull(isNumber(0)),
  }),
  'preview-redaction': isObject<ToHost<'preview-redaction'>>({
    kind: isOneOf('preview-redaction'),
    request: isInteger(0),
    rules: isRules,
    ranges: isRanges,
  }),
  share: isObject<ToHost<'share'>>({
    kind: isOneOf('share'),
    request: isInteger(0),
    file: isPath,
    rules: isRules,
    what: orNull(isObject<ExportKind>({ format: isFormat, table: orNull(isTable) })),
    ranges: isRanges,
  }),
  export: isObject<ToHost<'export'>>({
    kind: isOneOf('export'),
    request: isInteger(0),
    format: isFormat,
    table: orNull(isTable),
    file: isPath,
    ranges: isRanges,
  }),
  'cancel-exports': isObject<ToHost<'cancel-exports'>>({ kind: isOneOf('cancel-exports') }),
  'cancel-summary': isObject<ToHost<'cancel-summary'>>({ kind: isOneOf('cancel-summary') }),
  summarise: isObject<ToHost<'summarise'>>({ kind: isOneOf('summarise'), request: isInteger(0), ranges: isRanges }),
});
