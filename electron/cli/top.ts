/** `sonde top HOST`: what happens on a device just now, as a table in the terminal. Records nothing. */
import { type ProbeManifest, raise } from '../../remote-agent/protocol/index.ts';
import { GROUPINGS, LiveCollector, numberText } from '../export/index.ts';
import { Board } from './board.ts';
import type { Arguments, Command, Result } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS, sshTarget } from './device-options.ts';
import { exitCodeOf, OK } from './exit-codes.ts';
import { type Followed, followSession } from './follow-session.ts';
import { filterText, PROBE_OPTIONS, probeCalled, probeChoices } from './probe-options.ts';
import { ProgressLine } from './progress-line.ts';
import { clockText, parseDurationMs } from './quantities.ts';
import { tableLines } from './text-table.ts';
import { checkOptions, type Part, SORTS, type TopOptions, viewOf } from './top-rows.ts';
import type { World } from './world.ts';

const DEFAULT_PROBE = 'syscalls';
const DEFAULT_INTERVAL_MS = 2000;
/** A window of the device is a second long: more often there is nothing new. */
const MIN_INTERVAL_MS = 1000;
const DEFAULT_LIMIT = 20;
const NS_PER_SECOND = 1e9;

export const top: Command = {
  name: 'top',
  summary: 'Watch the busiest system calls, or functions, of a device in the terminal.',
  words: ['HOST'],
  options: [
    { name: 'probe', value: 'PROBE', help: `What to watch: syscalls or cpu-profile. Default: ${DEFAULT_PROBE}.` },
    { name: 'for', value: 'TIME', help: 'How long, such as 20s or 5m. Default: until Ctrl-C.' },
    { name: 'interval', value: 'TIME', help: 'Between two tables, from 1s. Default: 2s.' },
    {
      name: 'by',
      value: 'call|process',
      help: 'A row per call (of a CPU profile: per function) or per process. Default: per process and call.',
    },
    { name: 'sort', value: SORTS.join('|'), help: 'Largest first. Default: time.' },
    { name: 'limit', value: 'N', help: `Rows, as far as the terminal has room. Default: ${DEFAULT_LIMIT}.` },
    ...PROBE_OPTIONS,
    ...DEVICE_OPTIONS,
  ],
  details: [
    'Rates and times are of the last interval; TIME/S is the time spent in the call per second, over all threads, waiting',
    'included. P50 and P99 are right to within a power of two. In a pipe there is a block per interval instead of one',
    'table that is drawn over. Nothing is recorded; Ctrl-C ends it and leaves nothing on the device.',
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
  private readonly probe: ProbeManifest;
  private readonly given: Arguments;
  private readonly options: TopOptions;
  private readonly intervalMs: number;
  private readonly durationMs: number | null;
  private readonly limit: number;
  private readonly target: Parameters<World['rooms']['startSession']>[0];
  private readonly collector = new LiveCollector();
  private readonly board: Board;
  private stopTimer: () => void = () => undefined;
  private isLive = false;
  /** Start of the first window. */
  private firstNs: number | null = null;

  /** Checks everything that can be checked before anything goes to the device. */
  constructor(world: World, probe: ProbeManifest, given: Arguments) {
    this.world = world;
    this.probe = probe;
    this.given = given;
    const [firstGrouping] = viewOf(probe).groupings;
    this.options = {
      by: oneOf(given, 'by', GROUPINGS) ?? firstGrouping,
      sort: oneOf(given, 'sort', SORTS) ?? 'time',
    };
    checkOptions(probe, this.options);
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
        for (const signal of signals) this.collector.take(signal);
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
    const part = this.collector.sinceLast();
    if (viewOf(this.probe).covered(part).coveredNs > 0) this.board.draw(this.picture(part));
  }

  private picture(part: Part): string[] {
    const view = viewOf(this.probe);
    const { rows: room, columns } = this.board.room;
    const rows = view.rows(part, this.options).slice(0, Math.min(this.limit, room - 2));
    const table = tableLines(
      view.columns(this.options),
      rows.map(({ cells }) => cells),
      columns,
    );
    return [this.head(part), ...(rows.length > 0 ? table : [])];
  }

  private head(part: Part): string {
    const { unit, covered } = viewOf(this.probe);
    const { totals, coveredNs, fromNs, toNs } = covered(part);
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
    ];
    return words.join('  ');
  }

  private result({ fault, interrupted, failures }: Followed): Result {
    const trouble = fault ?? failures[0];
    const whole = this.collector.whole();
    const view = viewOf(this.probe);
    const rows = view.rows(whole, this.options).slice(0, this.limit);
    return {
      exitCode: trouble ? exitCodeOf(trouble.code) : OK,
      text: '',
      json: {
        host: this.target.destination,
        ...this.options,
        seconds: view.covered(whole).coveredNs / NS_PER_SECOND,
        interrupted,
        rows: rows.map(({ json }) => json),
      },
      ...(trouble ? { fault: trouble } : {}),
    };
  }
}

function oneOf<const T extends string>(given: Arguments, option: string, choices: readonly T[]): T | null {
  const text = given.value(option);
  if (text === null) return null;
  return (
    choices.find((choice) => choice === text) ??
    raise('config-invalid', `cannot understand --${option} ${text}`, `Write ${choices.join(', ')}.`)
  );
}

function limitOf(given: Arguments): number {
  const text = given.value('limit');
  if (text === null) return DEFAULT_LIMIT;
  if (!/^[1-9]\d{0,5}$/.test(text))
    raise('config-invalid', `cannot understand --limit ${text}`, 'Write a number from 1.');
  return Number(text);
}
