/** Who used how much CPU time and memory in the box up to a moment, as the kernel counts it. */
import type { Box } from '../../device/box/boot.mjs';
import { sum } from './figures.ts';
import { inBox } from './remote.ts';

/** USER_HZ of every Linux that a box runs. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
/** Positions behind the process name in /proc/PID/stat. */
const FIELD = {
  parent: 1,
  userTicks: 11,
  systemTicks: 12,
  childUserTicks: 13,
  childSystemTicks: 14,
  residentPages: 21,
};

export interface Process {
  readonly pid: number;
  readonly parentPid: number;
  readonly comm: string;
  readonly exe: string;
  /** Its own and that of its children that have ended. */
  readonly cpuS: number;
  readonly residentBytes: number;
}

export interface Snapshot {
  /** Since boot. */
  readonly atS: number;
  readonly processes: readonly Process[];
  /** Of all BPF programs that are loaded. */
  readonly bpfCpuS: number;
  readonly bpfMapBytes: number;
  /** Of all CPUs together, without idle and waiting. */
  readonly busyS: number;
}

/** The kernel counts the time of BPF programs only when it is told to. */
export const countBpfTime = (box: Box) => inBox(box, 'sysctl -qw kernel.bpf_stats_enabled=1');

/** Two processes for all of it: what is observed must not be changed by forking hundreds of times. */
const SCRIPT = `cat /proc/uptime; head -1 /proc/stat; cat /proc/[0-9]*/stat 2>/dev/null; echo ----
ls -l /proc/[0-9]*/exe 2>/dev/null; echo ----; bpftool -j prog show; echo ----; bpftool -j map show`;

export async function takeSnapshot(box: Box): Promise<Snapshot> {
  const [numbers = '', links = '', programs = '[]', maps = '[]'] = (await inBox(box, SCRIPT)).split('----\n');
  const [uptime = '', total = '', ...stats] = numbers.trim().split('\n');
  const exes = new Map([...links.matchAll(/\/proc\/(\d+)\/exe -> (\S+)/g)].map(([, pid, exe]) => [Number(pid), exe]));
  const busyTicks = total.split(/ +/).slice(1, 9).map(Number);
  return {
    atS: Number.parseFloat(uptime),
    processes: stats.map((line) => parseStat(line, exes)),
    bpfCpuS: sum((JSON.parse(programs) as { run_time_ns?: number }[]).map(({ run_time_ns = 0 }) => run_time_ns)) / 1e9,
    bpfMapBytes: sum((JSON.parse(maps) as { bytes_memlock?: number }[]).map(({ bytes_memlock = 0 }) => bytes_memlock)),
    busyS: sum(busyTicks.filter((_, i) => i !== 3 && i !== 4)) / TICKS_PER_SECOND,
  };
}

function parseStat(line: string, exes: ReadonlyMap<number, string | undefined>): Process {
  const nameEnd = line.lastIndexOf(')');
  const pid = Number.parseInt(line, 10);
  const fields = line
    .slice(nameEnd + 2)
    .split(' ')
    .map(Number);
  const field = (index: number) => fields[index] ?? Number.NaN;
  const { userTicks, systemTicks, childUserTicks, childSystemTicks } = FIELD;
  return {
    pid,
    parentPid: field(FIELD.parent),
    comm: line.slice(line.indexOf('(') + 1, nameEnd),
    exe: exes.get(pid) ?? '',
    cpuS: sum([userTicks, systemTicks, childUserTicks, childSystemTicks].map(field)) / TICKS_PER_SECOND,
    residentBytes: field(FIELD.residentPages) * PAGE_BYTES,
  };
}

export interface Usage {
  readonly cpuS: number;
  readonly residentBytes: number;
}

/** Of all that match, up to this moment. */
export function usageOf({ processes }: Snapshot, matches: (process: Process) => boolean): Usage {
  const wanted = processes.filter(matches);
  return {
    cpuS: sum(wanted.map(({ cpuS }) => cpuS)),
    residentBytes: sum(wanted.map(({ residentBytes }) => residentBytes)),
  };
}

/** The sshd processes above a process: they carry its bytes. The one that listens for everybody is not counted. */
export function sshdAbove({ processes }: Snapshot, matches: (process: Process) => boolean): ReadonlySet<number> {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const found = new Set<number>();
  for (const start of processes.filter(matches))
    for (let above = byPid.get(start.parentPid); above; above = byPid.get(above.parentPid))
      if (above.comm === 'sshd' && byPid.get(above.parentPid)?.comm === 'sshd') found.add(above.pid);
  return found;
}
