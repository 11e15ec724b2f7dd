// Takes: symbol names and Signals, names as they were found on the device.
// Gives: the same with names that people can read.
// Never: changes what is recorded, throws at a strange name, lets a name cost more than a few milliseconds twice.
export { demangle } from './demangle.ts';
export { demangleSignal, demangleSignals } from './demangle-signals.ts';
