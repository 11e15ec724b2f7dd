/** Calls `onStall` where it is not renewed in time. */
export class Patience {
  private timer: NodeJS.Timeout;
  private readonly ms: number;
  private readonly onStall: () => void;

  constructor(ms: number, onStall: () => void) {
    this.ms = ms;
    this.onStall = onStall;
    this.timer = setTimeout(onStall, ms);
  }

  renew(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onStall, this.ms);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
