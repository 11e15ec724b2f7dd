/** Has the loader write the kernel's symbol table, at low priority and once per agent; opens what it wrote. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Kallsyms } from './names/kallsyms.ts';

const NICE = 10;
/** Exit code "hidden" of bpf/loader/exit.h. */
const EXIT_HIDDEN = 5;

export type KallsymsResult =
  | { readonly kind: 'table'; readonly table: Kallsyms }
  | { readonly kind: 'none'; readonly why: string };

export class KallsymsFile {
  private readonly path: string;
  private stop = () => {};
  private closeTable = () => {};

  constructor(runDir: string) {
    this.path = `${runDir}/kallsyms`;
  }

  load(loader: string): Promise<KallsymsResult> {
    return new Promise((resolve) => {
      let words = '';
      const child = spawn(loader, ['kallsyms', this.path], { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
      this.stop = () => void child.kill('SIGKILL');
      child.stderr.on('data', (chunk: Buffer) => {
        if (words.length < 1000) words += chunk.toString();
      });
      child.once('error', (error) => resolve({ kind: 'none', why: error.message }));
      child.once('close', (code) => resolve(this.open(code, words)));
      if (child.pid !== undefined) lowerPriority(child.pid);
    });
  }

  close(): void {
    this.stop();
    this.closeTable();
    rmSync(this.path, { force: true });
  }

  private open(code: number | null, words: string): KallsymsResult {
    this.stop = () => {};
    if (code !== 0)
      return {
        kind: 'none',
        why: code === EXIT_HIDDEN ? 'the kernel hides its addresses (kernel.kptr_restrict)' : words.trim(),
      };
    const opened = Kallsyms.open(this.path);
    if (!opened) return { kind: 'none', why: 'the table is not usable' };
    this.closeTable = opened.close;
    return { kind: 'table', table: opened.table };
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It has already ended.
  }
}
