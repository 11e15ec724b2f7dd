// Takes: AgentFrames and where to write them; the path of a recording.
// Gives: a file that others can read and that survives a crash; the Signals of a file, and what is missing from it.
// Never: loses more than the last second, throws because of a full disk, changes a record, opens a file by halves silently.
export { fileFault } from './file-fault.ts';
export { deviceFileName, parseRecordingFileName, recordingFileName, RECORDING_EXTENSION } from './file-name.ts';
export { FORMAT_VERSION } from './format.ts';
export type { RecordingInfo } from './info.ts';
export { readMarks, writeMarks } from './marks.ts';
export { createOutputFile, type OutputFile } from './output-file.ts';
export { RANGE_LIMITS, type RangeLimits } from './range-plan.ts';
export type { LoadedRange, RangePart, RangeReader } from './range-reader.ts';
export { UntrueIndex } from './run-reader.ts';
export { openRecording, type RecordingReader } from './reader.ts';
export { type TidyOptions, type TidyOutcome, tidyRecording } from './tidy.ts';
export { forgetTidying } from './tidy-work.ts';
export { createRecording, type RecordingOptions, type RecordingWriter } from './writer.ts';
