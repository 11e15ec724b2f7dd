/** A /proc of files: processes that come, change and go as a test says. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

export interface FakeProcess {
  comm?: string;
  exe?: string;
  command?: readonly string[];
  cgroup?: string;
  startTicks?: number;
  /** What exec changes. */
  image?: string;
  flags?: number;
  state?: string;
  parent?: number;
  /** Executable mappings: path, or what stands in its place. */
  maps?: readonly { start: number; end: number; offset?: number; path: string; content?: Buffer }[];
}

export class FakeProc {
  readonly root = mkdtempSync(`${tmpdir()}/sonde-proc-`);
  private inode = 1000;

  put(
    pid: number,
    {
      comm = 'task',
      exe = '/usr/bin/task',
      command = [exe],
      cgroup = '/',
      startTicks = 500,
      image = '4194304 4198400 140730000000',
      flags = 0x400000,
      state = 'S',
      parent = 1,
      maps = [],
    }: FakeProcess,
  ): void {
    const folder = `${this.root}/${pid}`;
    this.remove(pid);
    mkdirSync(`${folder}/map_files`, { recursive: true });
    const middle = Array.from({ length: 12 }, () => 0).join(' ');
    writeFileSync(
      `${folder}/stat`,
      `${pid} (${comm}) ${state} ${parent} 1 1 0 -1 ${flags} ${middle} ${startTicks} 1000 10 18446744073709551615 ${image} 0 0\n`,
    );
    writeFileSync(`${folder}/cmdline`, command.map((argument) => `${argument}\0`).join(''));
    writeFileSync(`${folder}/cgroup`, `0::${cgroup}\n`);
    if (exe) symlinkSync(exe, `${folder}/exe`);
    writeFileSync(`${folder}/maps`, maps.map((mapping) => this.mapLine(folder, mapping)).join(''));
  }

  nameThread(pid: number, tid: number, comm: string): void {
    mkdirSync(`${this.root}/${pid}/task/${tid}`, { recursive: true });
    writeFileSync(`${this.root}/${pid}/task/${tid}/comm`, `${comm}\n`);
  }

  /** `target`: as the kernel's link says it. */
  openFile(pid: number, fd: number, target: string): void {
    mkdirSync(`${this.root}/${pid}/fd`, { recursive: true });
    rmSync(`${this.root}/${pid}/fd/${fd}`, { force: true });
    symlinkSync(target, `${this.root}/${pid}/fd/${fd}`);
  }

  /** /proc/PID/net/TABLE, with its head. */
  network(pid: number, table: string, lines: readonly string[]): void {
    mkdirSync(`${this.root}/${pid}/net`, { recursive: true });
    writeFileSync(`${this.root}/${pid}/net/${table}`, ['head', ...lines].map((line) => `${line}\n`).join(''));
  }

  remove(pid: number): void {
    rmSync(`${this.root}/${pid}`, { recursive: true, force: true });
  }

  close(): void {
    rmSync(this.root, { recursive: true });
  }

  private mapLine(
    folder: string,
    { start, end, offset = 0, path, content }: NonNullable<FakeProcess['maps']>[number],
  ): string {
    const range = `${start.toString(16)}-${end.toString(16)}`;
    const inode = path.startsWith('/') ? this.inode++ : 0;
    if (content) {
      const file = `${this.root}/file-${inode}`;
      writeFileSync(file, content);
      symlinkSync(file, `${folder}/map_files/${range}`);
    }
    return `${(start - 4096).toString(16)}-${start.toString(16)} r--p 00000000 fd:00 ${inode} ${path}\n${range} r-xp ${offset.toString(16).padStart(8, '0')} fd:00 ${inode}                  ${path}\n`;
  }
}
