/** What there is to say of a process, from /proc, or from a row where the process is gone. */
import type { Dictionary, NewProcess } from '../names/dictionary.ts';
import { cgroupPathOf, unitOf } from './cgroup-names.ts';
import type { Cgroups } from './cgroups.ts';
import { ContainerNames } from './container-names.ts';
import { Process } from './process.ts';
import { ownerOf, readBytes, readLink, readSmall } from './procfs.ts';
import type { ProcessStat } from './stat.ts';

const MAX_COMMAND_LINE_BYTES = 4096;
const MAX_CGROUP_BYTES = 8192;

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** What a row says about its process; all there is when the process is gone. */
export interface Sighting {
  readonly pid: number;
  /** Of the thread. */
  readonly comm: string;
  readonly cgroup: bigint;
  /** The comm is of any thread of the process, and may be old: it does not speak against one that is known. */
  readonly isNameOfMaker?: boolean;
}

export class ProcessMaker {
  private readonly dictionary: Dictionary;
  private readonly cgroups: Cgroups;
  private readonly procRoot: string;
  private readonly containers: ContainerNames;

  constructor(dictionary: Dictionary, cgroups: Cgroups, procRoot: string, containers: ContainerNames) {
    this.dictionary = dictionary;
    this.cgroups = cgroups;
    this.procRoot = procRoot;
    this.containers = containers;
  }

  /** null where the dictionary has no room. */
  present(pid: number, stat: ProcessStat, nowMs: number): Process | null {
    const folder = `${this.procRoot}/${pid}`;
    const exe = readLink(`${folder}/exe`) ?? Buffer.alloc(0);
    const command = readBytes(`${folder}/cmdline`, MAX_COMMAND_LINE_BYTES) ?? Buffer.alloc(0);
    const cgroup = cgroupPathOf(readSmall(`${folder}/cgroup`, MAX_CGROUP_BYTES) ?? '');
    const id = this.dictionary.process({
      pid,
      startNs: stat.startNs,
      comm: latin1(stat.comm),
      exe,
      commandLine: joinArguments(command),
      ...this.placeOf(cgroup, nowMs),
      parentPid: stat.parentPid,
      kernelThread: stat.kernelThread,
      uid: ownerOf(folder),
    });
    return id === 0 ? null : new Process(id, pid, stat, stat.comm, exe.toString('latin1'));
  }

  /** null where the dictionary has no room. */
  gone({ pid, comm, cgroup }: Sighting, nowMs: number): Process | null {
    const id = this.dictionary.process({
      pid,
      startNs: 0n,
      comm: latin1(comm),
      exe: new Uint8Array(0),
      commandLine: new Uint8Array(0),
      ...this.placeOf(this.cgroups.pathOf(cgroup, nowMs), nowMs),
      parentPid: 0,
      kernelThread: false,
      uid: 0,
    });
    return id === 0 ? null : new Process(id, pid, null, comm, '');
  }

  private placeOf(cgroup: string, nowMs: number): Pick<NewProcess, 'cgroup' | 'container' | 'containerId' | 'unit'> {
    const { container, containerId } = this.containers.of(cgroup, nowMs);
    return {
      cgroup: latin1(cgroup),
      container: latin1(container),
      containerId: latin1(containerId),
      unit: latin1(unitOf(cgroup)),
    };
  }
}

/** NUL between arguments becomes a space; at the end they go. */
function joinArguments(command: Buffer): Buffer {
  let end = command.length;
  while (end > 0 && command[end - 1] === 0) end--;
  const joined = command.subarray(0, end);
  for (let at = joined.indexOf(0); at >= 0; at = joined.indexOf(0, at + 1)) joined[at] = 32;
  return joined;
}
