/** What each message of the bridge must look like. Anything else is refused at the door, never repaired. */
import type { ExportFormat, ExportTable, PortToHost, ProbeChoice, RequestName, Requests, Target } from './contract.ts';
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
const SECRET_LIMIT = 4096;

const isDestination = isName(1024);
const isPath = isName(4096);
const isFormat = isOneOf<ExportFormat>('csv', 'folded', 'json', 'pprof', 'speedscope');
const isTable = isOneOf<ExportTable>('calls', 'dns', 'drops', 'errors', 'flows', 'slow');
const isSessionId = isName(64);
const isProbe = isName(64);
const isOptions = isRecord(isName(64), isText(4096), 32);
/** More probes than there will ever be. */
const MAX_PROBES = 32;

export const isTarget: Shape<Target> = isObject<Target>({
  destination: isDestination,
  identityFiles: isList(isPath, 16),
  knownHostsFile: orNull(isPath),
  probes: isList(isObject<ProbeChoice>({ probe: isProbe, options: isOptions }), MAX_PROBES, 1),
});

export const ARGUMENTS: { readonly [N in RequestName]: Shape<Requests[N]['args']> } = {
  'app-info': isTuple<[]>(),
  'recent-devices': isTuple<[]>(),
  'forget-device': isTuple<[string]>(isDestination),
  'recent-recordings': isTuple<[]>(),
  connect: isTuple<[Target]>(isTarget),
  'open-recording': isTuple<[string | null]>(orNull(isPath)),
  'close-session': isTuple<[string]>(isSessionId),
  'choose-key-file': isTuple<[]>(),
  'choose-export-file': isTuple<[string, ExportFormat]>(isName(255), isFormat),
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
  }),
  disconnect: isObject<ToHost<'disconnect'>>({ kind: isOneOf('disconnect') }),
  'reconnect-now': isObject<ToHost<'reconnect-now'>>({ kind: isOneOf('reconnect-now') }),
  'start-probe': isObject<ToHost<'start-probe'>>({ kind: isOneOf('start-probe'), probe: isProbe, options: isOptions }),
  'stop-probe': isObject<ToHost<'stop-probe'>>({ kind: isOneOf('stop-probe'), probe: isProbe }),
  export: isObject<ToHost<'export'>>({
    kind: isOneOf('export'),
    request: isInteger(0),
    format: isFormat,
    table: orNull(isTable),
    file: isPath,
    fromNs: orNull(isNumber(0)),
    toNs: orNull(isNumber(0)),
  }),
});
