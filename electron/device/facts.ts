/** What one look at the device found out. Made by detect(), read by all others of this room. */

export type LoaderArch = 'x86_64' | 'aarch64' | 'armv7l';

export interface NodeFacts {
  readonly path: string;
  /** "18.19.0" */
  readonly version: string;
}

export type SudoState =
  | 'root' // the user is root already
  | 'free' // sudo works without a password
  | 'password' // sudo is there and wants a password, or says so only later
  | 'doas' // doas works without a password
  | 'denied' // sudo is there and says this user may not
  | 'missing';

export interface DeviceFacts {
  readonly hostname: string;
  /** uname -m */
  readonly machine: string;
  readonly arch: LoaderArch;
  readonly kernelRelease: string;
  readonly osName: string;
  readonly uid: number;
  readonly user: string;
  readonly home: string;
  readonly sudo: SudoState;
  /** Newest Node found in PATH and the usual places, whatever its version; null = none. */
  readonly node: NodeFacts | null;
  readonly libc: { readonly kind: 'glibc' | 'musl' | 'unknown'; readonly version: string };
  readonly bootId: string;
  readonly onlineCpus: number;
  readonly memoryKb: number;
  readonly memoryAvailableKb: number;
  /** Device wall clock minus workstation wall clock; uncertain by one round trip. */
  readonly clockOffsetMs: number;
  readonly kernel: KernelFacts;
  /** Seen with the rights of the logged-in user; null until somebody with rights has looked (RootShell.places). */
  readonly places: readonly PlaceFacts[] | null;
}

export interface KernelFacts {
  readonly btf: boolean;
  readonly tracefs: boolean;
  readonly bpffs: boolean;
  readonly cgroup2: boolean;
  readonly perfEventParanoid: number | null;
  readonly unprivilegedBpfDisabled: number | null;
  readonly kptrRestrict: number | null;
  /** 'none' | 'integrity' | 'confidentiality'; null = cannot be read. */
  readonly lockdown: string | null;
  /** CONFIG_ options of interest, 'y' | 'm' | 'n'; null = the kernel's configuration cannot be read. */
  readonly config: Readonly<Record<string, string>> | null;
  readonly kallsyms: boolean;
}

export type PlaceState =
  | 'ok'
  | 'absent' // the parent does not exist
  | 'readonly'
  | 'noexec'
  | 'full' // not even a small file can be written
  | 'foreign'; // exists and is not ours: other owner, wider mode, a link

/** One candidate for the private directory. */
export interface PlaceFacts {
  readonly dir: string;
  readonly state: PlaceState;
  /** 0 where it was not looked at. */
  readonly freeKb: number;
  /** In memory: files there take RAM. */
  readonly memory: boolean;
  /** Files of our directory by name, with their size in bytes; empty = there is none. */
  readonly files: Readonly<Record<string, number>>;
  /** sha256 of loaders and agents there, as the loader computed it just now. */
  readonly sums: Readonly<Record<string, string>>;
  /** The device's own Node that was tried out by an earlier install: "/usr/bin/node v18.19.0". */
  readonly checkedNode: string | null;
  /** Run directories there, of living and of dead agents. */
  readonly runs: readonly string[];
}
