/** Mangled names to readable ones, cached and bounded. */
import { safeText, TEXT } from '../../remote-agent/protocol/index.ts';
import { DemanglerInstance } from './demangler-instance.ts';

/** `_Z…` C++ and legacy Rust (Apple's linkers add underscores), `_R…` Rust v0. */
const MANGLED = /^(_{1,4}Z|_R)/;
/** `_ZNSolsEi@@GLIBCXX_3.4`: the demangler wants the symbol without its version. */
const VERSION = /@.*$/s;

/** Names repeat, a frame per instruction: one function comes by hundreds of times. Emptied when full. */
const MAX_CACHED_UNITS = 8 << 20;
/** A result longer than this is no name but an attack; so is one that ran out of memory. */
const MAX_RESULT_UNITS = 256 << 10;
/** Each attack costs some 100 ms; after this many, names are shown as they are. */
const MAX_ATTACKS = 10;

const cache = new Map<string, string>();
let cachedUnits = 0;
let attacks = 0;
let instance: DemanglerInstance | null = null;

/** The readable name; `name` itself where it is not mangled or cannot be understood. */
export function demangle(name: string): string {
  if (!MANGLED.test(name)) return name;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const readable = read(name);
  remember(name, readable);
  return readable;
}

function read(name: string): string {
  if (attacks >= MAX_ATTACKS) return name;
  const symbol = name.replace(VERSION, '');
  try {
    instance ??= new DemanglerInstance();
    const result = instance.demangle(symbol);
    if (result.length > MAX_RESULT_UNITS) attacks += 1;
    // Where it understands nothing it gives the name back, without its first underscore.
    return result === '' || symbol.endsWith(result) ? name : safeText(result, TEXT.symbol);
  } catch (error) {
    // A trap leaves the instance unusable; its memory goes with it. Anything but a trap is a bug of ours.
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    instance = null;
    attacks += 1;
    return name;
  }
}

function remember(name: string, readable: string): void {
  const units = name.length + readable.length;
  if (cachedUnits + units > MAX_CACHED_UNITS) {
    cache.clear();
    cachedUnits = 0;
  }
  cache.set(name, readable);
  cachedUnits += units;
}
