/** What a person has set for all sessions, and what is kept of the devices. Types, constants and what follows from them. */
import { findProbe } from '../../remote-agent/protocol/index.ts';
import type { Prompt } from './contract/session-view.ts';
import { DEFAULT_PROBES, type ProbeChoice } from './contract/target.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  readonly theme: Theme;
  /** Manifest ids: what a session begins with where nobody chose. At least one. */
  readonly probes: readonly string[];
  /** Samples per second and CPU, of every probe that samples. */
  readonly sampleHz: number;
  /** null = Sonde's own folder. */
  readonly recordingsFolder: string | null;
}

/** The option of a manifest that `sampleHz` stands for. */
const RATE = 'hz';
const RATE_SPEC = findProbe(DEFAULT_PROBES[0])?.options.find(({ name }) => name === RATE);
if (RATE_SPEC?.kind !== 'integer' || RATE_SPEC.default === null) throw new Error('no probe samples');
export const SAMPLE_HZ = { min: RATE_SPEC.min, max: RATE_SPEC.max } as const;

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  probes: DEFAULT_PROBES,
  sampleHz: RATE_SPEC.default,
  recordingsFolder: null,
};

export interface SettingsView {
  readonly settings: Settings;
  /** Where recordings are written now. */
  readonly folder: string;
  /** What was wrong with the file of settings, so that these are the usual ones; null = nothing. */
  readonly trouble: string | null;
}

/** What a session begins with where nobody chose. A rate that is usual anyway is not said. */
export function usualChoices({ probes, sampleHz }: Settings): readonly ProbeChoice[] {
  return probes.map((probe) => {
    const rate = findProbe(probe)?.options.find(({ name }) => name === RATE);
    const options: Record<string, string> = {};
    if (rate && rate.default !== sampleHz) options[RATE] = String(sampleHz);
    return { probe, options };
  });
}

/** What can be remembered for the next connection. One-time codes cannot. */
export type KeptPurpose = 'password' | 'passphrase' | 'sudo';

/** Debian's sshd asks for the password this way, and for one-time codes too. */
const ASKS_PASSWORD = /\bpassword:?$/i;
const ONCE = /one[- ]?time|otp|token|code|new password|again/i;

/** null = the answer holds only once. */
export function keptPurposeOf({ purpose, text }: Extract<Prompt, { kind: 'secret' }>): KeptPurpose | null {
  if (purpose !== 'keyboard-interactive') return purpose;
  return ASKS_PASSWORD.test(text) && !ONCE.test(text) ? 'password' : null;
}

/** A password that is kept, without the password. */
export interface KeptSecret {
  readonly id: string;
  readonly destination: string;
  readonly purpose: KeptPurpose;
  /** The question it answers. */
  readonly text: string;
  readonly keptMs: number;
}

export interface SecretStoreView {
  /** Why nothing can be kept on this computer; null = it can. */
  readonly refusal: string | null;
  readonly kept: readonly KeptSecret[];
}

/** What became of forgetting the host key of a device. */
export interface ForgottenKey {
  /** Lines that are gone, over all files. */
  readonly removed: number;
  /** Where the device is still known, and why that stayed: "/etc/ssh/ssh_known_hosts:3". */
  readonly stayed: readonly string[];
}
