import type { BoxChoice } from './ensure.mjs';

export interface BoxOptions extends BoxChoice {
  /** Default 2, or 1 with icount. */
  cpus?: number;
  /** Default 1024; 256 works for the plain box. */
  memoryMb?: number;
  /** Boots without /sys/kernel/btf, as most vendor kernels are. */
  hideBtf?: boolean;
  /** Counts instructions: guest nanoseconds repeat to better than 1 %. One CPU only. */
  icount?: boolean;
  /** Starts the known-truth programs at boot. */
  workload?: boolean;
  extraKernelArgs?: string[];
  /** Default 180 000. */
  bootTimeoutMs?: number;
  /** The box stops by itself after this long. */
  leaseMs?: number;
}

export type BoxUser = 'root' | 'ops' | 'guest';

export interface SshOptions {
  /** Default root. */
  user?: BoxUser;
  /** Default key. root has no password. */
  auth?: 'key' | 'password';
  /** Sent to the command's stdin. */
  input?: string | Buffer;
  /** Default 120 000; the promise rejects when it is over. */
  timeoutMs?: number;
}

export interface SshResult {
  /** The command's exit code; 255 when the login failed. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface Identity {
  identityFile: string;
  /** Only the encrypted key has one. */
  passphrase?: string;
}

export interface Box {
  host: '127.0.0.1';
  port: number;
  users: {
    /** By key only. */
    root: { identityFile: string };
    /** May use sudo, with the password. */
    ops: { identityFile: string; password: string };
    /** May not use sudo. */
    guest: { identityFile: string; password: string };
  };
  /** Each is authorised for every user. */
  keys: Record<'ed25519' | 'rsa' | 'ecdsa' | 'encrypted', Identity>;
  /** The ed25519 host key: an OpenSSH public line without comment. */
  hostKey: string;
  /** All host keys, ed25519 first. */
  hostKeys: string[];
  /** `SHA256:…` of hostKey. */
  hostKeyFingerprint: string;
  /** What `uname -r` says. */
  kernelVersion: string;
  /** The serial console; gone after stop(). */
  consoleFile: string;
  /** QEMU's. */
  pid: number;
  /** Resolves when QEMU has ended, with how it ended. */
  exited: Promise<string>;
  ssh(command: string, options?: SshOptions): Promise<SshResult>;
  /** Writes a known_hosts file that trusts this box. */
  writeKnownHosts(file: string): Promise<void>;
  /** Cuts the power: nothing in the guest gets to say goodbye. The box cannot be used afterwards. */
  powerOff(): Promise<void>;
  /** Plugs the network cable out or in. Connections stay open on both sides and hang while it is out. */
  setLink(up: boolean): Promise<void>;
  /** Ends QEMU and removes its files. May be called at any time, more than once. */
  stop(): Promise<void>;
}

/** Builds the box if needed, boots it, resolves when sshd answers. The caller must stop() it; the end of the process does too. */
export function bootBox(options?: BoxOptions): Promise<Box>;
