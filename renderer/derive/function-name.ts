import type { FrameDef, ModuleDef } from '../../remote-agent/protocol/signal.ts';

/**
 * Addresses without a name are put together by 256 bytes: most functions are about that long, so one unknown function
 * makes one or two boxes instead of one for each sampled address.
 */
export const UNNAMED_BUCKET_BYTES = 256;
/** Above 2^53 an address is no longer exact (kernel addresses are): its bucket would be made up. */
const LAST_EXACT = Number.MAX_SAFE_INTEGER;

/** Frames of one module with the same bucket are one function. -1 = all unnamed frames of the module are one. */
export function bucketOf(frame: FrameDef, module: ModuleDef | undefined): number {
  const hasFile = module !== undefined && moduleFile(module) !== '' && module.kind !== 'kernel';
  if (!hasFile || frame.offset > LAST_EXACT) return -1;
  return Math.floor(frame.offset / UNNAMED_BUCKET_BYTES);
}

/** `libfoo.so.1+0x1200` */
export function unnamed(module: ModuleDef | undefined, bucket: number): string {
  const file = module ? moduleFile(module) : '';
  if (bucket >= 0) return `${file}+0x${(bucket * UNNAMED_BUCKET_BYTES).toString(16)}`;
  switch (module?.kind) {
    case 'kernel':
      return file && file !== '[kernel]' ? `[kernel module ${file}]` : '[kernel]';
    case 'jit':
      return '[code made at run time]';
    default:
      return '[unknown]';
  }
}

/** Last part of the path: `libc.so.6`. '' where the module has none. */
export function moduleFile(module: ModuleDef): string {
  return module.path.slice(module.path.lastIndexOf('/') + 1);
}

/** The 17 characters rustc adds to keep instances apart say nothing to a reader. */
const RUST_HASH = /::h[0-9a-f]{16}$/;
export function shownName(name: string): string {
  return name.replace(RUST_HASH, '');
}

/** As perf map files of Node name functions: `LazyCompile:*handle /srv/app.js:12:3` → name, file and line. */
const NODE_NAME = /^(?:LazyCompile|Function|Script|Eval|JS):+[*~^+]?(\S*) (?:.*[/\\])?(\S*)$/;
/** And those of Python: `py::handle:/srv/app.py`. */
const PYTHON_NAME = /^py::(.*):(?:.*[/\\])?([^/\\:]*)$/;

/** What stays of a name where the whole does not fit: without parameters, template arguments and folders. */
export function shortName(name: string): string {
  const mapFile = NODE_NAME.exec(name) ?? PYTHON_NAME.exec(name);
  if (mapFile) return `${mapFile[1] || '(anonymous)'} ${mapFile[2] ?? ''}`.trim();
  if (name.includes('operator')) return name;
  return withoutParameters(withoutArguments(name));
}

function withoutParameters(name: string): string {
  const tail = name.replace(/\)(?: const)?(?: \[clone [^\]]*\])*$/, ')');
  if (!tail.endsWith(')')) return name;
  let open = 0;
  for (let at = tail.length - 1; at > 0; at--) {
    if (tail[at] === ')') open++;
    if (tail[at] === '(' && --open === 0) return tail.startsWith('(anonymous', at) ? name : tail.slice(0, at);
  }
  return name;
}

/** `vector<int, allocator<int>>::push` → `vector<…>::push`. A leading `<T as Trait>` is the name's subject: it stays. */
function withoutArguments(name: string): string {
  let short = '';
  let open = 0;
  for (let at = 0; at < name.length; at++) {
    const character = name[at];
    const isBracket = at > 0 && (character === '<' || (character === '>' && name[at - 1] !== '-' && open > 0));
    if (!isBracket) {
      if (open === 0) short += character;
      continue;
    }
    if (character === '<' && open++ === 0) short += '<…';
    if (character === '>' && --open === 0) short += '>';
  }
  return open === 0 ? short : name;
}
