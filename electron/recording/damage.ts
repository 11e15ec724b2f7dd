/** What could not be read of a recording, gathered while reading, told in one Fault. */
import type { Fault } from '../../remote-agent/protocol/index.ts';
import { FORMAT_VERSION } from './format.ts';

const NS_PER_SECOND = 1e9;

export class Damage {
  /** Bytes of a half record at the end; null = the file has its end. */
  cutBytes: number | null = null;
  formatVersion = FORMAT_VERSION;
  /** Set where reading stopped before the end of the file. */
  stopped: string | null = null;
  /** Time that damaged places are known to have covered. */
  lostNs = 0;
  private places = 0;
  private unknownWindows: readonly string[] = [];
  private unknownChannels = new Set<string>();
  private firstReason = '';

  addPlace(reason: string): void {
    this.places += 1;
    if (this.firstReason === '') this.firstReason = reason;
  }

  addUnknownChannel(topic: string): void {
    if (this.unknownChannels.size < 10) this.unknownChannels.add(topic);
  }

  setUnknownProbes(probes: readonly string[]): void {
    this.unknownWindows = probes;
  }

  /** Nothing of the file was left out but its end. */
  get isAllRead(): boolean {
    return (
      this.stopped === null &&
      this.places === 0 &&
      this.unknownChannels.size === 0 &&
      this.formatVersion <= FORMAT_VERSION
    );
  }

  /** null while all was understood. */
  fault(file: string): Fault | null {
    const lines = [...this.loss(), ...this.novelty()];
    const [first] = lines;
    if (!first) return null;
    const hint = lines.map((line) => line.hint).find((hint) => hint !== '');
    const message = `cannot show all of ${file}: ${lines.map((line) => line.what).join('; ')}`;
    return {
      code: 'bad-recording',
      message,
      ...(hint ? { hint } : {}),
      ...(this.firstReason ? { detail: this.firstReason } : {}),
    };
  }

  private *loss(): Generator<{ what: string; hint: string }> {
    if (this.stopped !== null)
      yield { what: `reading stopped early: ${this.stopped}`, hint: 'What was read until there is shown.' };
    if (this.places > 0) {
      const places = this.places === 1 ? 'a damaged place was' : `${this.places} damaged places were`;
      const seconds = (this.lostNs / NS_PER_SECOND).toFixed(1);
      yield {
        what: `${places} skipped, about ${seconds} s are missing`,
        hint: 'If there is a copy of the file, open that.',
      };
    }
    if (this.cutBytes !== null) {
      const rest = this.cutBytes === 0 ? '' : `, and its last ${this.cutBytes} bytes are incomplete`;
      yield { what: `it has no end${rest}`, hint: 'The recording was cut short; at most its last second is missing.' };
    }
  }

  private *novelty(): Generator<{ what: string; hint: string }> {
    const hint = 'Open it with a newer Sonde to see the rest.';
    if (this.formatVersion > FORMAT_VERSION)
      yield { what: `its format ${this.formatVersion} is newer than this Sonde's ${FORMAT_VERSION}`, hint };
    if (this.unknownWindows.length > 0)
      yield { what: `probes not known here were skipped: ${this.unknownWindows.join(', ')}`, hint };
    if (this.unknownChannels.size > 0)
      yield { what: `channels not known here were skipped: ${[...this.unknownChannels].join(', ')}`, hint };
  }
}
