/** `sonde top HOST`: what happens on a device just now, as a table in the terminal. Records nothing. */
import { type ProbeManifest, raise } from '../../remote-agent/protocol/index.ts';
import { numberText } from '../export/index.ts';
import { Board } from './board.ts';
import type { Arguments, Command, Result } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS, sshTarget } from './device-options.ts';
import { exitCodeOf, OK } from './exit-codes.ts';
import { type Followed, followSession } from './follow-session.ts';
import { filterText, PROBE_OPTIONS, probeCalled, probeChoices } from './probe-options.ts';
import { ProgressLine } from './progress-line.ts';
import { clockText, parseDurationMs } from './quantities.ts';
import { tableLines } from './text-table.ts';
import type { TopOptions, TopPart, TopView, Watched } from './top-view.ts';
import { GROUPINGS, SORTS, topOptions, viewOf } from './top-views.ts';
import type { World } from './world.ts';

const DEFAULT_PROBE = 'syscalls';
const DEFAULT_INTERVAL_MS = 2000;
/** A window of the device is a second long: more often there is nothing new. */
const MIN_INTERVAL_MS = 1000;
const DEFAULT_LIMIT = 20;
const NS_PER_SECOND = 1e9;

export const top: Command = {
  name: 'top',
  summary: 'Watch the busiest system calls, functions or network flows of a device in the terminal.',
  words: ['HOST'],
  options: [
    {
      name: 'probe',
      value: 'PROBE',
      help: `What to watch: syscalls, cpu-profile or net-flows. Default: ${DEFAULT_PROBE}.`,
    },
    { name: 'for', value: 'TIME', help: 'How long, such as 20s or 5m. Default: until Ctrl-C.' },
    { name: 'interval', value: 'TIME', help: 'Between two tables, from 1s. Default: 2s.' },
    {
      name: 'by',
      value: GROUPINGS.join('|'),
      help: 'A row per call (of a CPU profile: per function), process, or both; of flows: per flow, process or remote address. Default: per process and call, per function, per flow.',
    },
    {
      name: 'sort',
      value: SORTS.join('|'),
      help: 'Largest first. Of calls: time, calls, errors; of flows: rate (both ways), sent, received, retransmits, rtt. Default: time, or rate.',
    },
    { name: 'include-own', value: null, help: 'Of flows: also the connection that Sonde itself talks over.' },
    { name: 'limit', value: 'N', help: `Rows, as far as the terminal has room. Default: ${DEFAULT_LIMIT}.` },
    ...PROBE_OPTIONS,
    ...DEVICE_OPTIONS,
  ],
  details: [
    'Rates and times are of the last interval; TIME/S is the time spent in the call per second, over all threads, waiting',
    'included. P50 and P99 are right to within a power of two. Of flows, SENT/S and RECV/S are payload at the socket; RTT',
    'of several is that of the slowest. In a pipe there is a block per interval instead of one table that is drawn over.',
    'Nothing is recorded; Ctrl-C ends it and leaves nothing on the device.',
    ...DEVICE_DETAILS,
  ],
  async run(given, world) {
    const probe = probeCalled(given.value('probe') ?? DEFAULT_PROBE);
    const watch = new Watch(world, probe, given);
    return watch.run();
  },
};

class Watch {
  private readonly world: World;
  private readonly given: Arguments;
  private readonly options: TopOptions;
  private readonly intervalMs: number;
  private readonly durationMs: number | null;
  private readonly limit: number;
  private readonly target: Parameters<World['rooms']['startSession']>[0];
  private readonly view: TopView;
  private readonly watched: Watched;
  private readonly board: Board;
  private stopTimer: () => void = () => undefined;
  private isLive = false;
  /** Start of the first window. */
  private firstNs: number | null = null;

  /** Checks everything that can be checked before anything goes to the device. */
  constructor(world: World, probe: ProbeManifest, given: Arguments) {
    this.world = world;
    this.given = given;
    this.options = topOptions(probe, given.value('by'), given.value('sort'), given.has('include-own'));
    this.view = viewOf(probe);
    this.watched = this.view.watch(this.options);
    const [interval, duration] = [given.value('interval'), given.value('for')];
    this.intervalMs = interval === null ? DEFAULT_INTERVAL_MS : parseDurationMs(interval, '--interval');
    if (this.intervalMs < MIN_INTERVAL_MS)
      raise('config-invalid', `cannot use --interval ${interval}`, 'The device counts in seconds: write 1s or more.');
    this.durationMs = duration === null ? null : parseDurationMs(duration, '--for');
    this.limit = limitOf(given);
    this.target = { ...sshTarget(given), probes: probeChoices(given, [probe], 'top') };
    this.board = new Board(world);
  }

  async run(): Promise<Result> {
    const { world, given } = this;
    const { rooms, artifactsDir } = world;
    const deps = rooms.liveDeps({ artifactsDir, recordingDir: null, recordingFile: null });
    const followed = await followSession(world, {
      start: (sink) => rooms.startSession(this.target, deps, sink),
      durationMs: this.durationMs,
      // With --json there is one line of output, at the end.
      status: given.json ? new ProgressLine(world) : this.board,
      liveLine: () => this.live(),
      onSignals: (signals) => {
        for (const signal of signals) this.watched.take(signal);
      },
    });
    this.stopTimer();
    return this.result(followed);
  }

  private live(): string {
    if (!this.isLive) this.wait();
    this.isLive = true;
    return this.given.json ? 'watching (Ctrl-C to stop)' : '';
  }

  private wait(): void {
    this.stopTimer = this.world.after(this.intervalMs, () => {
      this.wait();
      this.show();
    });
  }

  private show(): void {
    if (this.given.json) return;
    const part = this.watched.sinceLast();
    if (part.covered.coveredNs > 0) this.board.draw(this.picture(part));
  }

  private picture(part: TopPart): string[] {
    const { rows: room, columns } = this.board.room;
    const rows = part.rows.slice(0, Math.min(this.limit, room - 2));
    const table = tableLines(
      this.view.columns(this.options),
      rows.map(({ cells }) => cells),
      columns,
    );
    return [this.head(part), ...(rows.length > 0 ? table : [])];
  }

  private head({ covered, notes }: TopPart): string {
    const { unit } = this.view;
    const { totals, coveredNs, fromNs, toNs } = covered;
    // The device's own time: what is shown is as old as it is, whenever it has come.
    this.firstNs ??= fromNs;
    const rate = (count: number): string => `${numberText((count * NS_PER_SECOND) / coveredNs)} ${unit}/s`;
    const lost = [...totals.lost.values()].reduce((sum, count) => sum + count, 0);
    const filter = filterText(this.given);
    const seen =
      totals.kept === 0 && totals.filtered > 0
        ? `nothing matches ${filter}: ${rate(totals.filtered)} seen and filtered out`
        : rate(totals.kept) + (totals.filtered > 0 ? `, ${rate(totals.filtered)} filtered out` : '');
    const words = [
      this.target.destination,
      clockText((toNs - this.firstNs) / NS_PER_SECOND),
      seen,
      ...(lost > 0 ? [`${lost} LOST`] : []),
      ...notes,
    ];
    return words.join('  ');
  }

  private result({ fault, interrupted, failures }: Followed): Result {
    const trouble = fault ?? failures[0];
    const { covered, rows } = this.watched.whole();
    return {
      exitCode: trouble ? exitCodeOf(trouble.code) : OK,
      text: '',
      json: {
        host: this.target.destination,
        by: this.options.by,
        sort: this.options.sort,
        seconds: covered.coveredNs / NS_PER_SECOND,
        interrupted,
        rows: rows.slice(0, this.limit).map(({ json }) => json),
      },
      ...(trouble ? { fault: trouble } : {}),
    };
  }
}

function limitOf(given: Arguments): number {
  const text = given.value('limit');
  if (text === null) return DEFAULT_LIMIT;
  if (!/^[1-9]\d{0,5}$/.test(text))
    raise('config-invalid', `cannot understand --limit ${text}`, 'Write a number from 1.');
  return Number(text);
}
