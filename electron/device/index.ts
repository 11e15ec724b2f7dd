/**
 * Takes: an SSH connection and the directory of files built for devices.
 * Gives: what the device is, root's rights, an installed and running agent with a typed client, and its removal.
 * Never: downloads anything, opens a port, writes outside its private directory, puts a password on a command line.
 */
export type { AgentClient, AgentEnd, PongTimes, ResumePoint, Welcome } from './agent-client.ts';
export { type Artifact, type Artifacts, findArtifacts } from './artifacts.ts';
export { becomeRoot } from './become-root.ts';
export { detect } from './detect.ts';
export { dial, type DialOptions, redial } from './dial.ts';
export type { DeviceFacts, KernelFacts, LoaderArch, NodeFacts, PlaceFacts, PlaceState, SudoState } from './facts.ts';
export {
  install,
  type Installation,
  installLoader,
  type InstallOptions,
  type InstallProgress,
  type UploadName,
} from './install.ts';
export { preflight, type PreflightCheck } from './preflight.ts';
export { remove, type RemoveReport } from './remove.ts';
export type { RootShell } from './root-shell.ts';
export {
  deleteUnattended,
  type FoundUnattended,
  listUnattended,
  readUnattended,
  startUnattended,
  stopUnattended,
} from './unattended.ts';
