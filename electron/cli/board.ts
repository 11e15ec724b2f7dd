/**
 * Lines on standard output that are drawn over in place. Only what has changed is written, and nothing while the last
 * piece is still on its way: a slow line gets fewer pictures, not late ones. In a pipe each picture is a block of its own.
 */
import type { StatusLine } from './follow-session.ts';
import { ProgressLine } from './progress-line.ts';
import { cut } from './text-table.ts';
import type { World } from './world.ts';

/** Below the picture stands the cursor; above, perhaps, a line of what came before. */
const SPARE_ROWS = 2;

export class Board implements StatusLine {
  private readonly stdout: World['stdout'];
  private readonly progress: ProgressLine;
  private drawn: readonly string[] = [];
  private columns = 0;
  private isBusy = false;
  private hasDrawn = false;
  private status = '';
  private lines: readonly string[] = [];

  constructor(world: World) {
    this.stdout = world.stdout;
    this.progress = new ProgressLine(world);
  }

  /** How many lines there is room for, how wide. */
  get room(): { readonly rows: number; readonly columns: number } {
    const { isTerminal, rows, columns } = this.stdout;
    return isTerminal
      ? { rows: Math.max(3, rows - SPARE_ROWS), columns: Math.max(20, columns - 1) }
      : { rows: Number.POSITIVE_INFINITY, columns: Number.POSITIVE_INFINITY };
  }

  /** Until there is a picture, a progress line; from then on the first line of the picture. */
  show(text: string): void {
    const isNew = text !== this.status;
    this.status = text;
    if (!this.hasDrawn && text !== '') this.progress.show(text);
    if (this.hasDrawn && isNew && this.stdout.isTerminal) this.draw(this.lines);
  }

  /** What follows is written below. */
  clear(): void {
    this.progress.clear();
    this.drawn = [];
  }

  draw(lines: readonly string[]): void {
    this.lines = lines;
    if (this.isBusy) return;
    const { isTerminal } = this.stdout;
    const { columns, rows } = this.room;
    const picture = [...(this.status === '' ? [] : [this.status]), ...lines]
      .slice(0, rows)
      .map((line) => cut(line, columns));
    if (!this.hasDrawn) this.progress.clear();
    this.hasDrawn = true;
    if (columns !== this.columns) this.drawn = []; // a terminal of another width has broken the lines anew
    this.columns = columns;
    this.write(isTerminal ? redraw(this.drawn, picture) : `${picture.join('\n')}\n\n`);
    this.drawn = isTerminal ? padded(picture, this.drawn.length) : [];
  }

  private write(text: string): void {
    this.isBusy = true;
    void this.stdout.write(text).then(() => {
      this.isBusy = false;
    });
  }
}

/** What turns the picture `before`, below which the cursor stands, into `now`. */
export function redraw(before: readonly string[], now: readonly string[]): string {
  const up = before.length > 0 ? `\u001b[${before.length}A` : '';
  const lines = padded(now, before.length).map((line, i) => `${change(before[i], line)}\n`);
  return up + lines.join('');
}

/** A picture never shrinks: what is below it stays where it is. */
function padded(lines: readonly string[], length: number): string[] {
  return [...lines, ...Array.from({ length: Math.max(0, length - lines.length) }, () => '')];
}

function change(before: string | undefined, now: string): string {
  if (before === undefined) return now;
  if (before === now) return '';
  // Letters of other scripts may be wider than one column: then the whole line.
  if (!isPlain(before) || !isPlain(now)) return `\r${now}\u001b[K`;
  let from = 0;
  while (from < now.length && before[from] === now[from]) from++;
  let to = now.length;
  while (before.length === now.length && to > from && before[to - 1] === now[to - 1]) to--;
  return `\u001b[${from + 1}G${now.slice(from, to)}${now.length < before.length ? '\u001b[K' : ''}`;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7eµ]*$/.test(text);
}
