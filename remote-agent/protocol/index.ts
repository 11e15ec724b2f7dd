// Takes: bytes and messages between device and workstation, and what probes say of themselves.
// Gives: the one vocabulary of both sides: frames, records, Signals, faults, manifests, limits.
// Never: touches a socket, file, clock or window; imports node: or another room.
export * from './address.ts';
export * from './agent-cli.ts';
export { unpackColumn } from './columns.ts';
export { MAX_RUN_ROWS, numbers, readWindowRun } from './decode-run.ts';
export { COLUMN_FIELD } from './decode-window.ts';
export { SignalDecoder } from './decode.ts';
export { encodeSignal } from './encode-signal.ts';
export { addressBits, faultFromWire, faultToWire } from './doors.ts';
export { addCounts } from './counts.ts';
export * from './fault.ts';
export * from './features.ts';
export { decodeAgentFrame, decodeClientFrame, decodeMessage, encodeAgentFrame, encodeClientFrame } from './frames.ts';
export { FlowRunWriter } from './flow-run.ts';
export * from './framing.ts';
export type { AgentFrame, ClientFrame, WindowRun } from './generated/sonde_pb.ts';
export * from './latency.ts';
export * from './limits.ts';
export * from './loader.ts';
export * from './loss.ts';
export * from './manifest.ts';
export * from './marks.ts';
export * from './network/index.ts';
export * from './probes/index.ts';
export * from './records.ts';
export {
  addToSeries,
  MAX_SERIES_POINTS,
  SERIES_IDS,
  SeriesColumns,
  type SeriesData,
  type SeriesId,
  SeriesSet,
  type SeriesSink,
} from './series.ts';
export type * from './signal.ts';
export { HUNDREDTH_NS, LONGEST_SLOTTED_NS, slotNumber, slotStartNs } from './slots.ts';
export * from './syscalls/index.ts';
export { deviceText, hexText, safeText } from './text.ts';
export * from './triggers.ts';
export * from './unattended.ts';
export { SONDE_VERSION } from './version.ts';
export { WindowMemory } from './window-memory.ts';
export { decodeWindowSum, encodeWindowSum } from './window-codec.ts';
export { isCounted, NUMBER, type OrderedWindow, RISING, RunRows } from './run-rows.ts';
export { encodeRows, encodeRun, packNumbers, runsOf } from './window-run.ts';
export { addLost, combined, emptyCounters, type WindowFacts, WindowSum } from './window-sum.ts';
