/** Readable names in the one kind of Signal that carries names. */
import type { DefinitionsSignal, FrameDef, FrameName, Signal } from '../../remote-agent/protocol/index.ts';
import { demangle } from './demangle.ts';

/** The very same object where there is nothing to change. */
export function demangleSignal<S extends Signal>(signal: S): S {
  if (signal.kind !== 'definitions') return signal;
  const readable: DefinitionsSignal = {
    ...signal,
    frames: signal.frames.map(withReadableName<FrameDef>),
    names: signal.names.map(withReadableName<FrameName>),
  };
  return readable as typeof signal;
}

export function demangleSignals(signals: readonly Signal[]): Signal[] {
  return signals.map(demangleSignal);
}

function withReadableName<T extends { readonly name: string }>(frame: T): T {
  const name = demangle(frame.name);
  return name === frame.name ? frame : { ...frame, name };
}
