import { ROW_PX } from './draw.ts';

export interface FlameElements {
  /** Scrolls up and down. */
  readonly scroller: HTMLElement;
  /** As high as all rows together. */
  readonly content: HTMLElement;
  /** Stays in sight while the content scrolls by. */
  readonly stage: HTMLElement;
  readonly frames: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
}

/** The two canvases in their scroller: sizes, device pixels, and how far the picture is scrolled away from its root. */
export class Surface {
  readonly #elements: FlameElements;
  widthPx = 0;
  heightPx = 0;
  pixelRatio = 1;
  #rows = 1;
  #rootOnTop = true;
  /** The truth about scrolling: heights change with every update, and the root's edge must not move then. */
  #fromRootPx = 0;
  readonly #closers: (() => void)[] = [];

  constructor(elements: FlameElements, onChange: () => void) {
    this.#elements = elements;
    const resized = new ResizeObserver(() => {
      this.#measure();
      onChange();
    });
    resized.observe(elements.scroller);
    const scrolled = () => {
      this.#fromRootPx = this.#readScroll();
      onChange();
    };
    elements.scroller.addEventListener('scroll', scrolled, { passive: true });
    this.#closers.push(
      () => resized.disconnect(),
      () => elements.scroller.removeEventListener('scroll', scrolled),
      watchPixelRatio(() => {
        this.#measure();
        onChange();
      }),
    );
    this.#measure();
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  get fromRootPx(): number {
    return this.#fromRootPx;
  }

  get firstRow(): number {
    return Math.floor(this.#fromRootPx / ROW_PX);
  }

  get lastRow(): number {
    return Math.ceil((this.#fromRootPx + this.heightPx) / ROW_PX);
  }

  setRows(rows: number, rootOnTop: boolean): void {
    if (rows === this.#rows && rootOnTop === this.#rootOnTop) return;
    this.#rows = rows;
    this.#rootOnTop = rootOnTop;
    this.#apply();
  }

  scrollTo(fromRootPx: number): void {
    this.#fromRootPx = Math.min(Math.max(0, Math.round(fromRootPx)), this.#contentPx() - this.heightPx);
    this.#apply();
  }

  topOf(row: number): number {
    return this.#rootOnTop ? row * ROW_PX - this.#fromRootPx : this.heightPx + this.#fromRootPx - (row + 1) * ROW_PX;
  }

  rowAt(y: number): number {
    const fromRoot = this.#rootOnTop ? y + this.#fromRootPx : this.heightPx + this.#fromRootPx - y;
    return Math.floor(fromRoot / ROW_PX);
  }

  /** How far to scroll so that a row and some of what it called can be seen; no further than needed. */
  scrollFor(row: number, rowsAbove: number): number {
    const rowTop = row * ROW_PX;
    const isSeen = rowTop >= this.#fromRootPx && rowTop + ROW_PX * 4 <= this.#fromRootPx + this.heightPx;
    return isSeen ? this.#fromRootPx : Math.max(0, rowTop - rowsAbove * ROW_PX);
  }

  #contentPx(): number {
    return Math.max(this.heightPx, this.#rows * ROW_PX);
  }

  #apply(): void {
    const { scroller, content } = this.#elements;
    const contentPx = this.#contentPx();
    this.#fromRootPx = Math.min(this.#fromRootPx, contentPx - this.heightPx);
    content.style.height = `${contentPx}px`;
    const scrollTop = this.#rootOnTop ? this.#fromRootPx : contentPx - this.heightPx - this.#fromRootPx;
    if (scroller.scrollTop !== scrollTop) scroller.scrollTop = scrollTop;
  }

  #readScroll(): number {
    const { scrollTop } = this.#elements.scroller;
    return Math.max(0, this.#rootOnTop ? scrollTop : this.#contentPx() - this.heightPx - scrollTop);
  }

  #measure(): void {
    const { scroller, stage, frames, marks } = this.#elements;
    this.widthPx = scroller.clientWidth;
    this.heightPx = scroller.clientHeight;
    this.pixelRatio = window.devicePixelRatio || 1;
    stage.style.height = `${this.heightPx}px`;
    for (const canvas of [frames, marks]) {
      canvas.width = Math.round(this.widthPx * this.pixelRatio);
      canvas.height = Math.round(this.heightPx * this.pixelRatio);
    }
    this.#apply();
  }
}

/** The ratio has no event of its own: ask for a query of its present value, and again after each change. */
function watchPixelRatio(onChange: () => void): () => void {
  let query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  const changed = () => {
    query.removeEventListener('change', changed);
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', changed);
    onChange();
  };
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
