/** main ⇄ session host: what the host shall do, and the little that main must know of it. */
import type { Target } from './contract.ts';
import type { KeptPurpose } from './settings.ts';
import { isList, isText, isName, isObject, isOneOf, isVariant, orNull, type Shape } from './shape.ts';
import { isTarget, SECRET_LIMIT } from './payloads.ts';

export type HostJob =
  | {
      readonly kind: 'live';
      readonly target: Target;
      /** `SHA256:…`: this unknown host key is accepted without asking; null = ask. */
      readonly acceptHostKey: string | null;
      readonly recordingDir: string;
      readonly artifactsDir: string;
      /** What the user had kept: answers to questions that would be asked. */
      readonly secrets: readonly Secret[];
    }
  | { readonly kind: 'replay'; readonly file: string }
  /** What is in these recordings, for the library; no session, no port. */
  | { readonly kind: 'look'; readonly files: readonly string[] }
  /** Out of the known_hosts files; no session, no port. */
  | { readonly kind: 'forget-host-key'; readonly destination: string };

export interface Secret {
  readonly purpose: KeptPurpose;
  /** The question it answers. */
  readonly text: string;
  readonly secret: string;
}

export type MainToHost =
  /** Comes once, first, with the session's port. */
  | { readonly kind: 'job'; readonly job: HostJob }
  /** The user chose this file in the system's dialog: an export or a capture may be written there, and nowhere else. */
  | { readonly kind: 'grant-file'; readonly file: string }
  /** End the session, finish the recording, then exit. */
  | { readonly kind: 'close' };

export type HostToMain =
  /** The connection stands: a second one may be made, and the device is worth remembering. */
  | { readonly kind: 'connected'; readonly hostname: string; readonly osName: string }
  /** What is recorded into. */
  | { readonly kind: 'records'; readonly file: string }
  /** Were accepted by the device, and the user wants them kept. */
  | { readonly kind: 'keep-secrets'; readonly secrets: readonly Secret[] }
  /** The session has ended; the host stays for exports. */
  | { readonly kind: 'ended' };

type Variant<T, K> = Extract<T, { kind: K }>;

/** As many as a library lists. */
const MAX_LOOKED_AT = 100_000;

const MAX_SECRETS = 64;

const isSecrets = isList(
  isObject<Secret>({
    purpose: isOneOf('password', 'passphrase', 'sudo'),
    text: isText(),
    secret: isText(SECRET_LIMIT),
  }),
  MAX_SECRETS,
);

const isJob: Shape<HostJob> = isVariant<HostJob>({
  live: isObject<Variant<HostJob, 'live'>>({
    kind: isOneOf('live'),
    target: isTarget,
    acceptHostKey: orNull(isName(256)),
    recordingDir: isName(),
    artifactsDir: isName(),
    secrets: isSecrets,
  }),
  'forget-host-key': isObject<Variant<HostJob, 'forget-host-key'>>({
    kind: isOneOf('forget-host-key'),
    destination: isName(),
  }),
  look: isObject<Variant<HostJob, 'look'>>({ kind: isOneOf('look'), files: isList(isName(), MAX_LOOKED_AT) }),
  replay: isObject<Variant<HostJob, 'replay'>>({ kind: isOneOf('replay'), file: isName() }),
});

export const isMainToHost: Shape<MainToHost> = isVariant<MainToHost>({
  job: isObject<Variant<MainToHost, 'job'>>({ kind: isOneOf('job'), job: isJob }),
  'grant-file': isObject<Variant<MainToHost, 'grant-file'>>({ kind: isOneOf('grant-file'), file: isName() }),
  close: isObject<Variant<MainToHost, 'close'>>({ kind: isOneOf('close') }),
});

export const isHostToMain: Shape<HostToMain> = isVariant<HostToMain>({
  connected: isObject<Variant<HostToMain, 'connected'>>({
    kind: isOneOf('connected'),
    hostname: isText(),
    osName: isText(),
  }),
  records: isObject<Variant<HostToMain, 'records'>>({ kind: isOneOf('records'), file: isName() }),
  'keep-secrets': isObject<Variant<HostToMain, 'keep-secrets'>>({ kind: isOneOf('keep-secrets'), secrets: isSecrets }),
  ended: isObject<Variant<HostToMain, 'ended'>>({ kind: isOneOf('ended') }),
});
