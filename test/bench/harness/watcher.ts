/** A tool that watches the whole box with programs in its kernel while something else is measured. */
import { readFile } from 'node:fs/promises';
import type { Box } from '../../device/box/boot.mjs';
import { inBox, startRemote } from './remote.ts';

/** Built before any bench runs. */
const BUILT_LOADER = 'out/device/loader-x86_64';
const LOADER = '/opt/loader';
const PID_FILE = '/tmp/observer.pid';
/** bpftrace compiles on the box, which takes minutes where that is emulated. */
const START_LIMIT_MS = 600_000;
/** Names of what may run there beside shells. */
const TOOLS = 'loader|tail|syscount|bpftrace|tcptop|tcplife|tcpdump';
const PROGRAMS = "bpftool prog show | grep -c '^[0-9]' || true";

export interface Watcher {
  readonly name: string;
  /** Goes on until it is interrupted. */
  readonly command: string;
  /** In the box: succeeds once it watches. By default when it has brought programs into the kernel. */
  readonly isUp?: string;
}

/** Sonde's own, without an agent. */
export const loader = (args: string) => `sh -c 'tail -f /dev/null | ${LOADER} run ${args} > /tmp/observer.out'`;

export async function bringLoader(box: Box): Promise<void> {
  const input = await readFile(BUILT_LOADER);
  const { code, stderr } = await box.ssh(`cat > ${LOADER} && chmod 755 ${LOADER}`, { input });
  if (code !== 0) throw new Error(stderr);
}

export async function watchedBy<T>(box: Box, scratch: string, watcher: Watcher, work: () => Promise<T>): Promise<T> {
  const { name, command } = watcher;
  const before = Number(await inBox(box, PROGRAMS));
  const remote = await startRemote(box, scratch, `echo $$ > ${PID_FILE}; exec ${command}`);
  const died = remote.ended.then(({ stdout, stderr }) => {
    throw new Error(`${name} ended before it watched:\n${stdout}${stderr}`);
  });
  died.catch(() => undefined); // after the race its end is what we want
  const isUp = watcher.isUp ?? `[ "$(${PROGRAMS})" -gt ${before} ]`;
  await Promise.race([inBox(box, `until ${isUp}; do sleep 1; done; sleep 2`, START_LIMIT_MS), died]);
  const done = await work();
  await inBox(box, `pkill -INT -s $(ps -o sid= -p $(cat ${PID_FILE})) -x '${TOOLS}'`);
  await remote.end(START_LIMIT_MS);
  return done;
}
