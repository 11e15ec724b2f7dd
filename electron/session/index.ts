// takes: a Target, the rooms that reach devices and write recordings (SessionDeps), a sink for views and signals.
// gives: one device session, from the first connection attempt to a finished recording; it survives cut links.
// never: windows, dialogs, Electron; a record that is shown but not recorded, or acknowledged but not recorded.
export { type SessionTarget, startSession } from './driver.ts';
export { type LiveOptions, liveDeps } from './live-deps.ts';
export { Outbox } from './outbox.ts';
export type { Kept, ReachedDevice, Session, SessionEnd, SessionSink } from './session.ts';
export { type Clock, type SessionDeps, SYSTEM_CLOCK } from './deps.ts';
export { unattendedPlan, type UnattendedWish } from './unattended/plan.ts';
export { type FetchOptions, fetchUnattended } from './unattended/fetch.ts';
export { type Converted, toRecording } from './unattended/to-recording.ts';
