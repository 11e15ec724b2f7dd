/** Drawing over: what reaches a terminal is checked on a terminal of a few lines of code. */
import { expect, test } from 'vitest';
import { Board, redraw } from '../../../electron/cli/board.ts';
import { tableLines } from '../../../electron/cli/text-table.ts';
import { fakeWorld } from './fake-world.ts';

const ESCAPE = '\u001b';
const PIECES = new RegExp(`${ESCAPE}\\[\\d*[A-Z]|[^${ESCAPE}]`, 'gu');

/** Knows what the board uses: up, to a column, clear to the end of the line. */
class Screen {
  readonly lines: string[] = [];
  private row = 0;
  private column = 0;

  write(text: string): void {
    for (const [piece] of text.matchAll(PIECES)) this.take(piece);
  }

  private take(piece: string): void {
    const number = Number(piece.slice(2, -1) || '1');
    const line = this.lines[this.row] ?? '';
    if (piece === '\n') [this.row, this.column] = [this.row + 1, 0];
    else if (piece === '\r') this.column = 0;
    else if (!piece.startsWith(ESCAPE)) {
      this.lines[this.row] = line.padEnd(this.column).slice(0, this.column) + piece + line.slice(this.column + 1);
      this.column++;
    } else if (piece.endsWith('A')) [this.row, this.column] = [this.row - number, 0];
    else if (piece.endsWith('G')) this.column = number - 1;
    else if (piece.endsWith('K')) this.lines[this.row] = line.slice(0, this.column);
    else throw new Error(`not known here: ${JSON.stringify(piece)}`);
  }
}

const PICTURES = [
  ['box 0:02', '  12  read', '   3  openat'],
  ['box 0:04', '  13  read', '   3  openat'],
  ['box 0:06', '  13  read', '   3  close', ' 100  futex'],
  ['box 0:08', 'é längere Zeile', ''],
  ['box 0:10'],
  ['box 0:12', 'x', 'yy', 'zzz', 'z'],
];

test('whatever was there, the screen shows the new picture, and what is below it stays', () => {
  const screen = new Screen();
  let before: string[] = [];
  for (const picture of PICTURES) {
    screen.write(redraw(before, picture));
    before = [...picture, ...Array.from({ length: Math.max(0, before.length - picture.length) }, () => '')];
    expect(screen.lines.map((line) => line.trimEnd())).toEqual(before);
  }
});

test('a number that changes costs some bytes, not a screen', () => {
  const [first = [], second = []] = PICTURES;
  expect(redraw(first, second).length).toBeLessThan(25);
});

test('in a pipe: blocks, no control characters', () => {
  const world = fakeWorld();
  const board = new Board(world);
  board.draw(['a', 'b']);
  expect(world.out()).toBe('a\nb\n\n');
});

test('a picture that is still on its way is not followed by another', async () => {
  const world = fakeWorld({ isTerminal: true });
  let arrive = (): void => undefined;
  let pieces = 0;
  const stdout = {
    ...world.stdout,
    write: () => new Promise<void>((resolve) => void (pieces++, (arrive = resolve))),
  };
  const board = new Board({ ...world, stdout });
  board.draw(['1']);
  board.draw(['2']);
  expect(pieces).toBe(1);
  arrive();
  await new Promise((resolve) => setImmediate(resolve));
  board.draw(['3']);
  expect(pieces).toBe(2);
});

test('columns are as wide as they need to be, and lines no wider than the terminal', () => {
  const columns = [
    { head: 'CALLS/S', align: 'right' },
    { head: 'CALL', align: 'left' },
  ] as const;
  expect(
    tableLines(
      columns,
      [
        ['12', 'read'],
        ['3', 'clock_nanosleep'],
      ],
      18,
    ),
  ).toEqual(['CALLS/S  CALL', '     12  read', '      3  clock_na…']);
});
