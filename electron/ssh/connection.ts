import type { Readable, Writable } from 'node:stream';
import type { Fault } from '../../remote-agent/protocol/fault.ts';

export interface ExecOptions {
  /** Written to the command's standard input, which is then closed. Default: closed at once. */
  readonly stdin?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** The command is given up after this; the promise rejects with link-lost. Default 30 s. */
  readonly timeoutMs?: number;
  /** Bytes kept of stdout and of stderr each; what comes beyond is dropped and `truncated` set. Default 4 MB. */
  readonly maxOutput?: number;
}

export interface ExecResult {
  /** null = ended by a signal, or the device did not say. */
  readonly code: number | null;
  /** 'SIGKILL' …; null = it ended by itself. */
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly truncated: boolean;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One running remote command. Both outputs must be read (or resumed), or the far side stalls. */
export interface SshChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the channel is closed; never rejects. A cut link gives code null, signal null. */
  readonly exit: Promise<ExitStatus>;
  /** Closes the channel and, where the device allows it, kills the command. One that reads its input ends in any case. */
  kill(): void;
}

/** What can run commands: a connection, or the same connection as root. */
export interface Shell {
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  spawn(command: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<SshChannel>;
}

export interface SshConnection extends Shell {
  readonly destination: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** Address and port really connected to: "192.0.2.7:22", "[2001:db8::7]:22". */
  readonly remoteAddress: string;
  /** "OpenSSH_9.2p1 Debian-2", "dropbear_2022.83". */
  readonly serverVersion: string;
  readonly hostKey: { readonly algorithm: string; readonly fingerprint: string };
  /** How the user was let in: "key ~/.ssh/id_ed25519", "agent key ops@laptop", "password". */
  readonly authenticatedBy: string;
  /** Settles when the connection is gone: null after close(), else why (link-lost). Never rejects. */
  readonly closed: Promise<Fault | null>;
  /** Called once, also when it is closed already. Returns its own closer. */
  onClose(listener: (why: Fault | null) => void): () => void;
  /** Time of one question and answer at the SSH layer. Rejects with link-lost. */
  rttMs(): Promise<number>;
  close(): Promise<void>;
}
