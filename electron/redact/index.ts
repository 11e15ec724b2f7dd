// Takes: Signals, a recording, and which kinds of things are to be hidden.
// Gives: the same with stand-ins, one for one and the same everywhere; what was found and what leaves as what.
// Never: stores what a stand-in stands for, changes a count or a time, lets bytes through that it does not know.
export { redactRecording, type RedactReport, type RedactRequest } from './redact-recording.ts';
export { Redactor } from './redactor.ts';
export { previewRedaction, redactionOf, type RedactionStage } from './stage.ts';
