/** The triggers of a run, with what they look at. */
import type { Trigger, WindowSum } from '../../protocol/index.ts';
import { ReadingTaker } from './readings.ts';
import { type Firing, TriggerWatch } from './trigger-watch.ts';

export class Triggers {
  private readonly watch: TriggerWatch;
  private readonly readings: ReadingTaker;

  constructor(triggers: readonly Trigger[], procRoot: string, nowMs: number) {
    this.watch = new TriggerWatch(triggers, nowMs);
    this.readings = new ReadingTaker(procRoot, this.watch);
  }

  window(window: WindowSum): void {
    this.watch.window(window);
  }

  look(nowMs: number): readonly Firing[] {
    return this.watch.look(nowMs, this.readings.take(nowMs));
  }
}
