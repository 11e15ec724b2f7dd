import type { ExportKind, RedactionRules } from '../../electron/bridge/contract.ts';
import { rulesOf } from '../../electron/bridge/redaction.ts';
import type { ExportOutcome } from '../source/index.ts';
import type { RangeNs } from '../store/index.ts';
import type { Dialogue } from './dialogue.ts';
import {
  suggestedCaptureName,
  suggestedExportName,
  suggestedRecordingName,
  suggestedShareName,
} from './export-name.ts';
import type { Session } from './session.ts';

const CANCELLED = 'Cancelled; nothing was written';

/** What leaves a session as a file: asks where to, and tells what became of it. */
export class ExportDesk {
  readonly #dialogue: Dialogue;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  /** ranges: none = all of the session. */
  async export(session: Session, what: ExportKind, ranges: readonly RangeNs[]): Promise<void> {
    const { device } = session.snapshots.getState();
    const startedMs = startedOf(session, ranges);
    const name = suggestedExportName(device?.hostname ?? '', startedMs, what);
    const file = await this.#dialogue.ask('choose-export-file', name, what.format);
    if (file) this.#tell('Exported', await session.exportTo({ ...what, file, ranges }));
  }

  /** Redacted. what null = a recording. The device's name is not in the name of the file. */
  async share(
    session: Session,
    rules: RedactionRules,
    what: ExportKind | null,
    ranges: readonly RangeNs[],
  ): Promise<void> {
    const startedMs = startedOf(session, ranges);
    const file = what
      ? await this.#dialogue.ask('choose-export-file', suggestedExportName('redacted', startedMs, what), what.format)
      : await this.#dialogue.ask('choose-share-file', suggestedShareName(startedMs));
    if (file) this.#tell('Saved for sharing', await session.share({ file, rules, what, ranges }));
  }

  /** As it is: what was imported stays for longer than it is open. */
  async saveRecording(session: Session): Promise<void> {
    const { device } = session.snapshots.getState();
    const name = suggestedRecordingName(device?.hostname ?? '', startedOf(session, []));
    const file = await this.#dialogue.ask('choose-share-file', name);
    if (file) this.#tell('Saved', await session.share({ file, rules: rulesOf([]), what: null, ranges: [] }));
  }

  /** null = the user chose none. */
  async chooseCaptureFile(hostname: string): Promise<string | null> {
    return (await this.#dialogue.ask('choose-capture-file', suggestedCaptureName(hostname, Date.now()))) ?? null;
  }

  #tell(done: string, outcome: ExportOutcome): void {
    if (outcome.ok) this.#dialogue.toast({ text: done, file: outcome.file, fault: null });
    else if (outcome.fault.code === 'cancelled') this.#dialogue.toast({ text: CANCELLED, file: null, fault: null });
    else this.#dialogue.tell(outcome.fault);
  }
}

/** By the device's clock, as the axis has it. */
function startedOf(session: Session, [first]: readonly RangeNs[]): number {
  const { wallOffsetMs, firstNs } = session.snapshots.getState();
  return (first?.fromNs ?? firstNs) / 1e6 + (wallOffsetMs ?? 0);
}
