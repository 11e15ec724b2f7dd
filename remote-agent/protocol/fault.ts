/**
 * A Fault is an expected failure that crosses a process: what could not be done, and what to try.
 * Bugs throw Error; they never become a Fault.
 */

/** Every code, alphabetical. The text after each is what it means; messages and hints are written where it is raised. */
export const FAULT_CODES = {
  'agent-crashed': 'the agent ended on the device without being asked to',
  'agent-start': 'the agent could not be started or did not answer',
  'agent-version': 'agent and workstation speak different protocol versions',
  'auth-failed': 'the device refused every way to log in',
  'bad-option': 'a value given to a probe or command is out of range',
  'bad-recording': 'a file is not a recording, or is damaged beyond its last good chunk',
  cancelled: 'the user stopped it',
  'config-invalid': '~/.ssh/config or a command line could not be understood',
  'device-full': 'no place on the device has room for the agent',
  'device-noexec': 'no writable place on the device may execute programs',
  'device-readonly': 'no writable place on the device',
  'file-io': 'a file on the workstation could not be read or written',
  'host-key-changed': "the device's host key differs from the one known",
  'host-key-unknown': 'the host key is not known and was not accepted',
  'host-unreachable': 'no answer from the address and port',
  'interface-gone': 'the network interface that was captured is gone from the device',
  'kernel-lockdown': 'the kernel is locked down and refuses tracing programs',
  'kernel-memory': 'the kernel had no memory for the program or its maps',
  'kernel-no-bpf': 'the kernel was built without what the probe needs',
  'kernel-no-permission': 'the kernel refused for lack of privilege',
  'kernel-no-tracefs': 'tracefs is not mounted and could not be read',
  'kernel-verifier': "the kernel's verifier refused the program",
  'key-unusable': 'a private key file could not be read or unlocked',
  'link-lost': 'the connection ended and could not be made again in time',
  'loader-crashed': 'the loader ended without being asked to',
  'loader-start': 'the loader could not be executed on the device',
  'no-compatible-kex': 'workstation and device have no encryption method in common',
  'no-sudo': 'the user is not root and may not become root',
  'node-too-old': "the device's Node is too old and no runtime could be sent",
  'not-linux': 'the device does not run Linux',
  'out-of-sync': 'the stream from the device could not be understood',
  'probe-unknown': 'the agent knows no probe of that id',
  'session-crashed': "the workstation's session process ended unexpectedly",
  'sudo-password': 'sudo did not accept the password',
  'unsupported-machine': 'no loader exists for this processor architecture',
  'upload-failed': 'a file did not arrive whole on the device',
} as const;

export type FaultCode = keyof typeof FAULT_CODES;

export interface Fault {
  readonly code: FaultCode;
  /** What could not be done, wrapped leftward: "cannot start cpu-profile: cannot open perf event: permission denied". */
  readonly message: string;
  /** What to try, in plain words. */
  readonly hint?: string;
  /** Verifier log tail, errno text, remote stderr: for those who can read it. */
  readonly detail?: string;
  /** Manifest id, when it belongs to one probe. */
  readonly probe?: string;
}

/** Carries a Fault through code that uses exceptions. Caught at the rim of a room and turned back into data. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'FaultError';
    this.fault = fault;
  }
}

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULT_CODES, code);
}

/** Throws a FaultError; the return type lets it stand in expressions. */
export function raise(code: FaultCode, message: string, hint?: string, detail?: string): never {
  throw new FaultError({ code, message, ...(hint ? { hint } : {}), ...(detail ? { detail } : {}) });
}

/** The Fault inside `error`, or null where `error` is a bug that must go on being thrown. */
export function faultOf(error: unknown): Fault | null {
  return error instanceof FaultError ? error.fault : null;
}

/** "doing X: " in front of the message of a fault on its way outward. */
export function wrapFault(doing: string, fault: Fault): Fault {
  return { ...fault, message: `${doing}: ${fault.message}` };
}
