/** The rooms that reach a device; tests put others in their place. */
import { startCapture } from '../capture/index.ts';
import {
  becomeRoot,
  deleteUnattended,
  detect,
  findArtifacts,
  install,
  installLoader,
  listUnattended,
  preflight,
  remove,
  startUnattended,
  stopUnattended,
} from '../device/index.ts';
import { fetchUnattended, liveDeps, startSession } from '../session/index.ts';
import { connect } from '../ssh/index.ts';

export const ROOMS = {
  becomeRoot,
  connect,
  deleteUnattended,
  detect,
  fetchUnattended,
  findArtifacts,
  install,
  installLoader,
  listUnattended,
  liveDeps,
  preflight,
  remove,
  startCapture,
  startSession,
  startUnattended,
  stopUnattended,
} as const;

export type Rooms = typeof ROOMS;
