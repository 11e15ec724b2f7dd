/** What a capture's file holds, piece by piece: messages in, blocks of pcapng out. Pure: no file, no clock. */
import { raise } from '../../remote-agent/protocol/index.ts';
import { ownersText, packetFlags } from './packet-words.ts';
import { interfaceBlock, packetBlock, sectionBlock, type SectionFacts, statisticsBlock } from './pcapng.ts';
import type { CaptureBegin, CaptureCounters, CaptureInterface, CaptureMessage, CapturePacket } from './wire.ts';

/** As many as the loader tells (MAX_INTERFACES in bpf/capture/capture_interfaces.c). */
const MAX_INTERFACES = 1024;
/** Those known longest are forgotten first; the kernel itself has no more at a time by default. */
const MAX_PROCESSES = 32_768;
/** One block of statistics with its comment. */
const STATISTICS_BYTES = 256;

export interface CaptureFileFacts extends SectionFacts {
  readonly filter: string;
  /** The file gets no larger; null = no limit. */
  readonly maxBytes: number | null;
}

export interface CaptureProgress {
  /** Packets in the file, and how many bytes of the network they stand for. */
  readonly packets: number;
  readonly packetBytes: number;
  readonly fileBytes: number;
  readonly lostPackets: number;
}

export interface CaptureTotals extends CaptureProgress {
  /** Matched the filter. */
  readonly seen: number;
  /** Of Sonde's own connection, left out after the filter. */
  readonly own: number;
  readonly lost: { readonly ring: number; readonly rateLimit: number; readonly maxSize: number };
  readonly interfaces: readonly { readonly name: string; readonly packets: number }[];
  /** Most packets first. */
  readonly processes: readonly { readonly pid: number; readonly comm: string; readonly packets: number }[];
  /** Packets of which no process is known. */
  readonly unowned: number;
}

interface SeenInterface {
  readonly name: string;
  packets: number;
}

interface SeenProcess {
  comm: string;
  packets: number;
}

export class CaptureFile {
  begin: CaptureBegin | null = null;
  /** A packet did not fit any more: nothing else is taken. */
  isFull = false;
  private readonly facts: CaptureFileFacts;
  private readonly interfaces: SeenInterface[] = [];
  private readonly processes = new Map<number, SeenProcess>();
  private counters: CaptureCounters | null = null;
  private packets = 0;
  private packetBytes = 0;
  private fileBytes = 0;
  private overSize = 0;
  private unowned = 0;

  constructor(facts: CaptureFileFacts) {
    this.facts = facts;
  }

  /** What comes to the file's end. */
  take(message: Exclude<CaptureMessage, { kind: 'fault' | 'end' }>): Buffer {
    if (message.kind === 'begin') return this.written(this.takeBegin(message));
    if (!this.begin) outOfSync('it did not begin with its beginning');
    switch (message.kind) {
      case 'interface':
        return this.written(this.takeInterface(message, this.begin));
      case 'process':
        return this.takeProcess(message.pid, message.comm);
      case 'packets':
        return this.takePackets(message.packets);
      case 'counters':
        this.counters = message;
        return NOTHING;
    }
  }

  /** The last blocks: what was lost. */
  finish(): Buffer {
    const { begin, counters } = this;
    if (!begin) return NOTHING;
    const endNs = counters?.realtimeNs ?? begin.realtimeNs;
    const blocks = this.interfaces.map(({ packets }, id) => {
      // The kernel counts for all interfaces together; with one there is nothing to tell apart.
      const lost = id === 0 ? this.lostTotal() : 0;
      return statisticsBlock({
        interface: id,
        startNs: begin.realtimeNs,
        endNs,
        accepted: packets + lost,
        lostBySystem: id === 0 ? (counters?.lostRing ?? 0) : 0,
        delivered: packets,
        comment: id === 0 && lost > 0 ? this.lostText() : '',
      });
    });
    return this.written(Buffer.concat(blocks));
  }

  progress(): CaptureProgress {
    const { packets, packetBytes, fileBytes } = this;
    return { packets, packetBytes, fileBytes, lostPackets: this.lostTotal() };
  }

  totals(): CaptureTotals {
    const { packets, counters, unowned } = this;
    const processes = [...this.processes].map(([pid, { comm, packets: count }]) => ({ pid, comm, packets: count }));
    return {
      ...this.progress(),
      seen: Math.max(counters?.seen ?? 0, packets),
      own: counters?.own ?? 0,
      lost: { ring: counters?.lostRing ?? 0, rateLimit: counters?.lostRateLimit ?? 0, maxSize: this.overSize },
      interfaces: this.interfaces.map(({ name, packets: count }) => ({ name, packets: count })),
      processes: processes.filter((each) => each.packets > 0).toSorted((a, b) => b.packets - a.packets),
      unowned,
    };
  }

  private takeBegin(begin: CaptureBegin): Buffer {
    if (this.begin) outOfSync('it began twice');
    this.begin = begin;
    return sectionBlock(this.facts);
  }

  private takeInterface({ id, linkType, name }: CaptureInterface, { snapBytes }: CaptureBegin): Buffer {
    if (id !== this.interfaces.length || id >= MAX_INTERFACES) outOfSync(`interface ${id} came out of turn`);
    this.interfaces.push({ name, packets: 0 });
    const { filter, os } = this.facts;
    return interfaceBlock({ linkType, snapBytes, name, filter, os });
  }

  private takeProcess(pid: number, comm: string): Buffer {
    const known = this.processes.get(pid);
    if (known) known.comm = comm;
    else this.processes.set(pid, { comm, packets: 0 });
    const [oldest] = this.processes.keys();
    if (this.processes.size > MAX_PROCESSES && oldest !== undefined) this.processes.delete(oldest);
    return NOTHING;
  }

  /** All or none: what is counted is in the file. */
  private takePackets(packets: readonly CapturePacket[]): Buffer {
    const sorted = packets.map((packet) => ({
      packet,
      from: this.interfaces[packet.interface] ?? outOfSync(`a packet is of interface ${packet.interface}`),
    }));
    return Buffer.concat(sorted.map(({ packet, from }) => this.written(this.takePacket(packet, from))));
  }

  private takePacket(packet: CapturePacket, from: SeenInterface): Buffer {
    const comment = ownersText(packet, (pid) => this.processes.get(pid)?.comm ?? '?');
    const block = packetBlock({ ...packet, flags: packetFlags(packet), comment });
    const { maxBytes } = this.facts;
    const needed = this.fileBytes + block.length + this.interfaces.length * STATISTICS_BYTES;
    this.isFull ||= maxBytes !== null && needed > maxBytes;
    if (this.isFull) {
      this.overSize += 1;
      return NOTHING;
    }
    from.packets += 1;
    this.packets += 1;
    this.packetBytes += packet.originalLength;
    this.countOwners(packet);
    return block;
  }

  private countOwners({ sender, receiver }: CapturePacket): void {
    const pids = new Set([sender, receiver].filter((pid) => pid !== 0));
    if (pids.size === 0) this.unowned += 1;
    for (const pid of pids) {
      const process = this.processes.get(pid);
      if (process) process.packets += 1;
    }
  }

  private written(piece: Buffer): Buffer {
    this.fileBytes += piece.length;
    return piece;
  }

  private lostTotal(): number {
    return (this.counters?.lostRing ?? 0) + (this.counters?.lostRateLimit ?? 0) + this.overSize;
  }

  private lostText(): string {
    const { lostRing = 0, lostRateLimit = 0 } = this.counters ?? {};
    const causes = [
      ...(lostRing > 0 ? [`${lostRing} because the device or the link was too slow`] : []),
      ...(lostRateLimit > 0 ? [`${lostRateLimit} over the rate limit`] : []),
      ...(this.overSize > 0 ? [`${this.overSize} over the size of the file`] : []),
    ];
    const where = this.interfaces.length > 1 ? ', on all interfaces together' : '';
    return `Packets lost${where}: ${causes.join(', ')}`;
  }
}

const NOTHING = Buffer.alloc(0);

function outOfSync(why: string): never {
  return raise('out-of-sync', `cannot understand what the device captures: ${why}`);
}
