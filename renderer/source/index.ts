// takes: a MessagePort from the bridge, or signals made by hand
// gives: one Source interface; live, replay and tests look the same through it
// never: keeps data, draws, or knows which of the two it is
export { MemorySource } from './memory-source.ts';
export { PortSource } from './port-source.ts';
export type { PortLike } from './port-source.ts';
export type {
  ExportOrder,
  ExportOutcome,
  PreviewOutcome,
  ShareOrder,
  Source,
  SourceListener,
  SummaryOutcome,
} from './source.ts';
