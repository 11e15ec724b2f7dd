/**
 * Takes: a target (destination, key files, known-hosts file) and a way to ask the user.
 * Gives: an authenticated connection whose host key was verified; it runs commands. Failures are Faults.
 * Never: accepts a host key silently, keeps or logs a secret, listens on a port. The only room that imports ssh2.
 */
export { type Ask, askNobody, askSecret, type Question, type SecretQuestion } from './ask.ts';
export { connect, type ConnectOptions } from './connect.ts';
export type { ExecOptions, ExecResult, ExitStatus, Shell, SshChannel, SshConnection } from './connection.ts';
export { type ForgottenHost, forgetHostKeys } from './forget-host.ts';
export { runToEnd } from './run.ts';
export type { SshPlaces, SshTarget } from './target.ts';
