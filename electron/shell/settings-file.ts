/** What a person has set, in their own folder. A file that cannot be understood is put aside, and that is told. */
import { mkdirSync, statSync } from 'node:fs';
import { raise } from '../../remote-agent/protocol/fault.ts';
import {
  DEFAULT_SETTINGS,
  isInteger,
  isObject,
  isSettings,
  type Settings,
  type SettingsView,
} from '../bridge/index.ts';
import { JsonFile } from './json-file.ts';

interface Stored {
  readonly version: number;
  readonly settings: Settings;
}

const isStored = isObject<Stored>({ version: isInteger(1, 1), settings: isSettings });

export class SettingsFile {
  readonly #file: JsonFile<Stored>;
  readonly #ownFolder: string;
  #settings: Settings;
  #trouble: string | null = null;

  /** `ownFolder`: where recordings go while nobody has chosen another place. */
  constructor(file: string, ownFolder: string) {
    this.#ownFolder = ownFolder;
    this.#file = new JsonFile<Stored>(file, isStored, { version: 1, settings: DEFAULT_SETTINGS }, (aside) => {
      this.#trouble = `The settings could not be read, so the usual ones are used. What was there is in ${aside}.`;
    });
    this.#settings = this.#file.read().settings;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Of recordings. */
  get folder(): string {
    return this.#settings.recordingsFolder ?? this.#ownFolder;
  }

  view(): SettingsView {
    return { settings: this.#settings, folder: this.folder, trouble: this.#trouble };
  }

  set(settings: Settings): SettingsView {
    if (settings.recordingsFolder !== null && settings.recordingsFolder !== this.#settings.recordingsFolder)
      makeSure(settings.recordingsFolder);
    try {
      this.#file.write({ version: 1, settings });
    } catch (error) {
      raise('file-io', `cannot keep the settings: ${words(error)}`);
    }
    this.#settings = settings;
    this.#trouble = null;
    return this.view();
  }
}

/** Now, and not when a session ends that could not be recorded. */
function makeSure(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
  } catch (error) {
    raise('file-io', `cannot keep recordings in ${folder}: ${words(error)}`, 'Choose another folder.');
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
