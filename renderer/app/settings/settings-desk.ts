import type { StoreApi } from 'zustand/vanilla';
import { DEFAULT_SETTINGS, type Settings } from '../../../electron/bridge/settings.ts';
import type { AppState } from '../app-state.ts';
import type { Dialogue } from '../dialogue.ts';

/** What a person has set: asked of the program, changed at once. */
export class SettingsDesk {
  readonly #dialogue: Dialogue;
  readonly #state: StoreApi<AppState>;
  readonly #readDevices: () => Promise<void>;

  constructor(dialogue: Dialogue, state: StoreApi<AppState>, readDevices: () => Promise<void>) {
    this.#dialogue = dialogue;
    this.#state = state;
    this.#readDevices = readDevices;
  }

  /** At the start, too: what is chosen there begins with them. */
  async read(): Promise<void> {
    const settings = await this.#dialogue.ask('settings');
    if (settings) this.#state.setState({ settings });
  }

  open(): void {
    if (this.#state.getState().overlay === 'settings') return;
    this.#state.setState({ overlay: 'settings' });
    void Promise.all([this.read(), this.readSecrets(), this.#readDevices(), this.#readLibrary()]);
  }

  close(): void {
    this.#state.setState({ overlay: null });
  }

  async change(change: Partial<Settings>): Promise<void> {
    const now = this.#state.getState().settings?.settings ?? DEFAULT_SETTINGS;
    const settings = await this.#dialogue.ask('set-settings', { ...now, ...change });
    if (settings) this.#state.setState({ settings });
    if (change.recordingsFolder !== undefined) await this.#readLibrary();
  }

  /** Devices and passwords are no settings: they stay. */
  reset(): Promise<void> {
    return this.change(DEFAULT_SETTINGS);
  }

  async chooseFolder(): Promise<void> {
    const folder = await this.#dialogue.ask('choose-recordings-folder');
    if (folder) await this.change({ recordingsFolder: folder });
  }

  async forgetHostKey(destination: string): Promise<void> {
    const forgotten = await this.#dialogue.ask('forget-host-key', destination);
    if (!forgotten) return;
    const { removed, stayed } = forgotten;
    const text = removed > 0 ? `The host key of ${destination} is forgotten` : `No host key of ${destination} is kept`;
    const rest = stayed.length === 0 ? '' : `; it is still named in ${stayed.join(', ')}`;
    this.#dialogue.toast({ text: `${text}${rest}`, file: null, fault: null });
  }

  /** What is kept of passwords, and whether any can be. */
  async readSecrets(): Promise<void> {
    const secretStore = await this.#dialogue.ask('secret-store');
    if (secretStore) this.#state.setState({ secretStore });
  }

  async forgetSecret(id: string): Promise<void> {
    await this.#dialogue.ask('forget-secret', id);
    await this.readSecrets();
  }

  async #readLibrary(): Promise<void> {
    const library = await this.#dialogue.ask('library');
    if (library) this.#state.setState({ library });
  }
}
