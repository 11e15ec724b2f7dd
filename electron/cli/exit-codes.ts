/** What `sonde` ends with. Scripts depend on the numbers: they are never given another meaning. */
import { FAULT_CODES, type FaultCode } from '../../remote-agent/protocol/index.ts';

/** Ends that are no faults. */
export const OK = 0;
/** A bug in Sonde: please report it. */
export const BUG = 1;
/** `doctor` found something that keeps Sonde from working on the device. */
export const NOT_READY = 3;
/** `remove` could not take everything away. */
export const NOT_CLEAN = 4;

/** 2 usage, 10… reaching, 20… the device, 30… its kernel, 40… agent and probe, 50… files, 130 stopped by the user. */
export const EXIT_CODES: Readonly<Record<FaultCode, number>> = {
  'config-invalid': 2,
  'host-unreachable': 10,
  'host-key-unknown': 11,
  'host-key-changed': 12,
  'auth-failed': 13,
  'key-unusable': 14,
  'no-compatible-kex': 15,
  'link-lost': 16,
  'not-linux': 20,
  'unsupported-machine': 21,
  'no-sudo': 22,
  'sudo-password': 23,
  'device-full': 24,
  'device-noexec': 25,
  'device-readonly': 26,
  'node-too-old': 27,
  'upload-failed': 28,
  'interface-gone': 29,
  'kernel-no-bpf': 30,
  'kernel-no-permission': 31,
  'kernel-lockdown': 32,
  'kernel-no-tracefs': 33,
  'kernel-memory': 34,
  'kernel-verifier': 35,
  'agent-start': 40,
  'agent-crashed': 41,
  'agent-version': 42,
  'loader-start': 43,
  'loader-crashed': 44,
  'out-of-sync': 45,
  'probe-unknown': 46,
  'session-crashed': 47,
  'bad-option': 50,
  'bad-recording': 51,
  'file-io': 52,
  cancelled: 130,
};

export function exitCodeOf(code: FaultCode): number {
  return EXIT_CODES[code];
}

/** For `sonde help exit-codes`. */
export function exitCodeLines(): string[] {
  const rows: [number, string, string][] = [
    [OK, 'ok', 'done'],
    [BUG, 'bug', 'an error in Sonde itself'],
    [NOT_READY, 'not-ready', 'doctor: something keeps Sonde from working on the device'],
    [NOT_CLEAN, 'not-clean', 'remove: something of Sonde is still on the device'],
    ...Object.entries(EXIT_CODES).map(([code, number]): [number, string, string] => [
      number,
      code,
      FAULT_CODES[code as FaultCode],
    ]),
  ];
  return rows
    .toSorted(([a], [b]) => a - b)
    .map(([number, code, meaning]) => `${String(number).padStart(4)}  ${code.padEnd(22)} ${meaning}`);
}
