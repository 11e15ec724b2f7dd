// Takes: files that other profilers wrote: perf script text, folded stacks, pprof, speedscope.
// Gives: recordings of them, which everything else opens; for a recording the recording itself.
// Never: trusts a file, holds more of it than its limits say, makes up what the file does not say without saying so.
export { importedName, importRecording, isForeign, type OpenedFile, openForeign } from './import-recording.ts';
