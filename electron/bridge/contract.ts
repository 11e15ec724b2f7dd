/**
 * The whole IPC of Sonde, as types.
 *
 *   window ── Requests ──▶ main      (invoke, one answer each; main validates sender and payload)
 *   window ◀── Events ──── main      (few: a file was opened, the menu was used)
 *   window ◀─ PortToWindow / PortToHost ─▶ session host   (one MessagePort per session; main is not in the way)
 *
 * Only types and constants live here and in contract/, one file per subject, so that the renderer may import it.
 */
export type { Mark, Stretch } from '../../remote-agent/protocol/marks.ts';
export type { SeriesData } from '../../remote-agent/protocol/series.ts';
export * from './contract/capture.ts';
export * from './contract/exports.ts';
export * from './contract/flight.ts';
export * from './contract/port.ts';
export * from './contract/requests.ts';
export * from './contract/session-view.ts';
export * from './contract/summary.ts';
export * from './contract/target.ts';
export type { RedactionPreview, RedactionRules } from './redaction.ts';
