/** The tools beside us, as a person would call them for the same picture. */
import type { Box } from '../../device/box/boot.mjs';
import { inBox, type Remote, startRemote } from './remote.ts';
import type { Process } from './snapshot.ts';
import { type Stack, stacksOfBpftrace, stacksOfFolded } from './stacks.ts';

export interface Rival {
  readonly name: string;
  /** Samples all CPUs until it is interrupted, then prints its stacks. */
  readonly command: string;
  /** Prints all the time; one that has stopped to is as good as gone. */
  readonly live?: boolean;
  readonly isIt: (process: Process) => boolean;
  readonly stacks: (stdout: string) => Stack[];
}

const SAMPLE = 'profile:hz:99 { @[ustack, comm] = count(); }';
/** A picture each second, as a live view needs it. */
const EACH_SECOND = 'interval:s:1 { print(@); clear(@); }';

export const LIVE_BPFTRACE = `bpftrace -B line -e '${SAMPLE} ${EACH_SECOND}'`;
export const ONE_SECOND_BCC = 'profile-bpfcc -F 99 -f 1';

const isBpftrace = ({ comm }: Process) => comm === 'bpftrace';

export const BPFTRACE: Rival = {
  name: 'bpftrace',
  command: `bpftrace -e '${SAMPLE}'`,
  isIt: isBpftrace,
  stacks: stacksOfBpftrace,
};

/** It gives up, printing nothing more, when two stacks fall together in its table: fewer stacks, fewer such ends. */
export const bpftraceOf = (comm: string): Rival => ({
  ...BPFTRACE,
  command: `bpftrace -e '${SAMPLE.replace(' {', ` /comm == "${comm}"/ {`)}'`,
});

export const BPFTRACE_LIVE: Rival = {
  ...BPFTRACE,
  name: 'bpftrace, printing each second',
  command: LIVE_BPFTRACE,
  live: true,
};

export const BCC: Rival = {
  name: 'bcc profile',
  command: 'profile-bpfcc -F 99 -f',
  isIt: ({ comm }) => comm === 'profile-bpfcc',
  stacks: stacksOfFolded,
};

/** bcc compiles its program on the box: minutes where that is emulated. */
const START_LIMIT_MS = 600_000;
const END_LIMIT_MS = 300_000;
const START_ATTEMPTS = 3;

export interface RunningRival {
  readonly remote: Remote;
  /** Resolves with what it printed and all CPU time it took, its start and its printing included. */
  interrupt(): Promise<{ readonly stacks: Stack[]; readonly stdoutBytes: number; readonly cpuS: number }>;
}

/** Resolves when it samples. Some die at their start now and then, and a person would start them again. */
export async function startRival(box: Box, scratch: string, rival: Rival): Promise<RunningRival> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(box, scratch, rival);
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(box: Box, scratch: string, rival: Rival): Promise<RunningRival> {
  const pidFile = `/tmp/${rival.name.replace(/\W.*/, '')}.pid`;
  // Tools name their programs as they like; a program more is what they have in common.
  const programs = "bpftool prog show | grep -c ': perf_event'";
  const before = Number(await inBox(box, `${programs} || true`));
  // The pid that is written stays: the shell becomes the tool. `time` waits for it and says what it took.
  const timed = `TIMEFORMAT='CPU %U %S'; time sh -c 'echo $$ > ${pidFile}; exec "$@"' sh ${rival.command}`;
  const remote = await startRemote(box, scratch, timed);
  const waiting = `until [ "$(${programs})" -gt ${before} ]; do sleep 1; done`;
  const died = remote.ended.then(({ stdout, stderr }) => {
    throw new Error(`${rival.name} ended before it sampled:\n${stdout}${stderr}`);
  });
  died.catch(() => undefined); // after the race its end is what we want
  await Promise.race([inBox(box, waiting, START_LIMIT_MS), died]);
  return {
    remote,
    async interrupt() {
      await inBox(box, `kill -INT $(cat ${pidFile}) || true`); // it may have ended by itself
      const { stdout, stderr } = await remote.end(END_LIMIT_MS);
      const [, user, system] = /CPU ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
      return { stacks: rival.stacks(stdout), stdoutBytes: stdout.length, cpuS: Number(user) + Number(system) };
    },
  };
}

/** bpftrace ends by itself, or prints no more, when two stacks fall together in its table, which is a matter of luck. */
const ATTEMPTS = 8;
/** A live rival prints each second of the box, which may be many of ours. */
const SILENCE_MS = 30_000;

/** Resolves when it has ended by itself or, being a live one, has fallen silent; stop() for when that no longer matters. */
function watchForEnd({ live }: Rival, { remote }: RunningRival) {
  let stop: () => void = () => undefined;
  const gone = new Promise<null>((resolve) => {
    const timer = setInterval(() => {
      if (live && performance.now() - remote.printedAtMs > SILENCE_MS) resolve(null);
    }, 1000);
    stop = () => clearInterval(timer);
    void remote.ended.then(() => resolve(null));
  });
  return { gone, stop };
}

/** Does `work` beside the rival, again from the start when the rival did not last that long; null: it never did. */
export async function beside<T>(
  box: Box,
  scratch: string,
  rival: Rival,
  work: (running: RunningRival) => Promise<T>,
): Promise<{ readonly value: T; readonly attempts: number } | null> {
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const running = await startRival(box, scratch, rival);
    const { gone, stop } = watchForEnd(rival, running);
    const done = work(running).then((value) => ({ value, attempts }));
    done.catch(() => undefined); // of a rival that is gone
    const outcome = await Promise.race([done, gone]);
    stop();
    if (outcome) return outcome;
    await running.interrupt();
  }
  return null;
}
