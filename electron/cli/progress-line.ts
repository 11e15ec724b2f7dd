/** One line on a terminal that is drawn over; nothing where stderr is no terminal. */
import type { World } from './world.ts';

const CLEAR = '\r\u001b[K';
/** As fast as anyone reads. */
const MIN_INTERVAL_MS = 100;

export class ProgressLine {
  private readonly world: World;
  private drawn = '';
  private drawnMs = Number.NEGATIVE_INFINITY;

  constructor(world: World) {
    this.world = world;
  }

  show(text: string): void {
    const { stderr } = this.world;
    const line = text.slice(0, Math.max(10, stderr.columns - 1));
    const now = this.world.now();
    if (!stderr.isTerminal || line === this.drawn || now - this.drawnMs < MIN_INTERVAL_MS) return;
    stderr.write(CLEAR + line);
    this.drawn = line;
    this.drawnMs = now;
  }

  /** Out of the way of other text. */
  clear(): void {
    if (this.drawn !== '') this.world.stderr.write(CLEAR);
    this.drawn = '';
    this.drawnMs = Number.NEGATIVE_INFINITY;
  }
}
