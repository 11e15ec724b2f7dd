/** What can be hidden before a recording is shared. Types, constants and what follows from them, for both sides. */

/** Every kind of thing that can be hidden, in the order in which people are asked. */
export const REDACTION_KINDS = {
  host: { title: 'Host name', help: 'The name of the device, where it was reached, and the ids of its boots.' },
  addresses: { title: 'Addresses', help: 'IP and MAC addresses and names of network interfaces, also inside texts.' },
  dns: { title: 'Domain names', help: 'Names asked for over DNS, names of addresses, and what was answered.' },
  users: { title: 'Users', help: 'User names, user ids and home folders.' },
  processes: { title: 'Processes', help: 'Names of processes, threads and their programs.' },
  containers: { title: 'Containers and units', help: 'Names of containers, services and control groups.' },
  arguments: { title: 'Arguments', help: 'Command lines, and the arguments and files of single system calls.' },
  notes: { title: 'Notes and messages', help: 'Notes, marks, and the words of errors and reasons.' },
  paths: { title: 'All paths', help: 'Folders and files, also of programs and libraries. Depth and endings stay.' },
  hardware: {
    title: 'Model and system',
    help: 'Names of the hardware, its processor, the system and its kernel build.',
  },
  symbols: {
    title: 'Function names',
    help: 'Functions outside of the kernel. Without them a flame graph says little.',
  },
} as const;

export type RedactionKind = keyof typeof REDACTION_KINDS;
export const REDACTION_KIND_NAMES = Object.keys(REDACTION_KINDS) as readonly RedactionKind[];

/** true = hidden. */
export type RedactionRules = Readonly<Record<RedactionKind, boolean>>;

const ADDRESSES = ['host', 'addresses', 'dns'] as const;
const NAMES = [...ADDRESSES, 'users', 'processes', 'containers', 'arguments', 'notes'] as const;
const STRICT = [...NAMES, 'paths', 'hardware'] as const;

/** Each hides all that the one before it hides. */
export const REDACTION_PRESETS = {
  none: { title: 'Nothing', help: 'Everything leaves as it was recorded.', hides: [] as readonly RedactionKind[] },
  addresses: {
    title: 'Addresses',
    help: 'Hides where the device is: host name, addresses, domain names.',
    hides: ADDRESSES as readonly RedactionKind[],
  },
  names: {
    title: 'Names',
    help: 'Hides also who and what it is: users, processes, containers, arguments, notes.',
    hides: NAMES as readonly RedactionKind[],
  },
  strict: {
    title: 'Strict',
    help: 'Hides everything but functions, times and amounts: also all paths, model and system.',
    hides: STRICT as readonly RedactionKind[],
  },
} as const;

export type RedactionPreset = keyof typeof REDACTION_PRESETS;
export const REDACTION_PRESET_NAMES = Object.keys(REDACTION_PRESETS) as readonly RedactionPreset[];

export function rulesOf(hidden: Iterable<RedactionKind>): RedactionRules {
  const set = new Set(hidden);
  return Object.fromEntries(REDACTION_KIND_NAMES.map((kind) => [kind, set.has(kind)])) as RedactionRules;
}

/** null: they are those of no preset. */
export function presetOf(rules: RedactionRules): RedactionPreset | null {
  const same = (preset: RedactionPreset): boolean => {
    const wanted = rulesOf(REDACTION_PRESETS[preset].hides);
    return REDACTION_KIND_NAMES.every((kind) => wanted[kind] === rules[kind]);
  };
  return REDACTION_PRESET_NAMES.find(same) ?? null;
}

/** What leaves, and as what. */
export interface RedactionPreview {
  readonly rules: RedactionRules;
  readonly kinds: readonly RedactionFinding[];
}

/** Of one kind that was found at all. */
export interface RedactionFinding {
  readonly kind: RedactionKind;
  /** Different ones. */
  readonly count: number;
  /** A few of them; the same before and after where the kind is not hidden. */
  readonly samples: readonly { readonly before: string; readonly after: string }[];
}
