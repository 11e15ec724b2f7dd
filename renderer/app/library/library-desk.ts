import type { StoreApi } from 'zustand/vanilla';
import type { CleanUpRules, DeleteWay, LibraryEntry } from '../../../electron/bridge/library.ts';
import { fileName, formatBytes } from '../../widgets/format.ts';
import type { AppState } from '../app-state.ts';
import type { Dialogue } from '../dialogue.ts';

/** Recordings are looked at many a second; nobody reads as fast. */
const LIBRARY_MS = 1000;

/** What is done with the recordings of this workstation, and how they are listed again after it. */
export class LibraryDesk {
  readonly #dialogue: Dialogue;
  readonly #state: StoreApi<AppState>;
  #refreshing = false;

  constructor(dialogue: Dialogue, state: StoreApi<AppState>) {
    this.#dialogue = dialogue;
    this.#state = state;
  }

  async read(): Promise<void> {
    const library = await this.#dialogue.ask('library');
    if (library) this.#state.setState({ library });
  }

  /** More is known of them than when they were listed. */
  refresh(): void {
    if (this.#refreshing || this.#state.getState().screen.kind !== 'library') return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      void this.read();
    }, LIBRARY_MS);
  }

  async note(file: string, note: string): Promise<void> {
    await this.#dialogue.ask('note-recording', file, note);
    await this.read();
  }

  async keep(file: string, isKept: boolean): Promise<void> {
    await this.#dialogue.ask('keep-recording', file, isKept);
    await this.read();
  }

  async setRules(rules: CleanUpRules): Promise<void> {
    await this.#dialogue.ask('set-clean-up-rules', rules);
    await this.read();
  }

  askToDelete({ file, bytes }: LibraryEntry): void {
    this.#dialogue.question({
      title: 'Delete this recording?',
      text: `${fileName(file)} (${formatBytes(bytes)}) goes to the trash of the system, from where it can be had back.`,
      yes: 'Move to the trash',
      onYes: () => void this.remove([file], false),
      onNo: () => {},
    });
  }

  /** Where the system has no trash, it is asked again, in other words. byRules: only what still goes by the rules. */
  async remove(files: readonly string[], byRules: boolean, way: DeleteWay = 'trash'): Promise<void> {
    const deleted = await this.#dialogue.ask(byRules ? 'clean-up' : 'delete-recordings', files, way);
    await this.read();
    if (!deleted) return;
    const stayed = deleted.filter(({ fault }) => fault !== null);
    const gone = deleted.length - stayed.length;
    if (gone > 0) this.#dialogue.toast({ text: goneText(gone, way), file: null, fault: null });
    const [first] = stayed;
    if (!first?.fault) return;
    if (way === 'for-ever') return this.#dialogue.tell(first.fault);
    const names = stayed.map(({ file }) => file);
    this.#dialogue.question({
      title: stayed.length === 1 ? 'Delete it for ever?' : `Delete ${stayed.length} recordings for ever?`,
      text: `It could not be moved to the trash: ${first.fault.message}. What is deleted for ever cannot be had back.`,
      yes: 'Delete for ever',
      onYes: () => void this.remove(names, byRules, 'for-ever'),
      onNo: () => {},
    });
  }
}

function goneText(count: number, way: DeleteWay): string {
  const what = count === 1 ? 'The recording' : `${count} recordings`;
  return way === 'trash' ? `${what} moved to the trash, where the system keeps it` : `${what} deleted`;
}
