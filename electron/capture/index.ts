// Takes: a shell with root's rights, an installed loader, what to capture; a sink for bytes.
// Gives: packets of the device as a pcapng file while they come, with the processes they go between, and what was lost.
// Never: connects, installs, asks; holds more than one piece of the file in memory; trusts what the device sends.
export {
  type CaptureEnd,
  type CaptureEndKind,
  type CaptureOptions,
  type CaptureSink,
  type RunningCapture,
  startCapture,
} from './capture.ts';
export { captureFileFacts } from './capture-about.ts';
export type { CaptureFileFacts, CaptureProgress, CaptureTotals } from './capture-file.ts';
export { CAPTURE_EXTENSION, type CaptureOutput, createCaptureOutput, replacingCaptureOutput } from './output.ts';
export { ANY_INTERFACE, type CaptureRequest, MAX_RATE_BYTES, MAX_RATE_PACKETS, SNAP_BYTES } from './request.ts';
export type { CaptureBegin } from './wire.ts';
