/** The computer of a run in general words: enough to judge figures by, nothing to tell whose it is. */
import { cpus, loadavg, release, totalmem } from 'node:os';

const GIB = 2 ** 30;

/** Everything but us that wanted a CPU when the run began. */
const loadAtStart = loadavg()[0] ?? 0;

export function describeMachine(): string {
  const kernel = release().split('.').slice(0, 2).join('.');
  const host = `${cpus().length} cores, ${Math.round(totalmem() / GIB)} GiB, ${process.platform} ${kernel}, ${process.arch}, Node ${process.versions.node.split('.')[0]}`;
  return `${host}; load ${loadAtStart.toFixed(1)} when the run began. The box: 2 CPUs and 1 GiB emulated in software by QEMU, Debian 12 on Linux 6.1.`;
}
