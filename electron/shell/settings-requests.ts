/** What main does for the requests about settings, known devices, kept passwords and the first screen. */
import { type BrowserWindow, nativeTheme } from 'electron';
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { ForgottenKey, Handlers, Settings, SettingsView } from '../bridge/index.ts';
import { chooseFolder } from './file-dialogs.ts';
import type { JsonFile } from './json-file.ts';
import type { RecentDevices } from './recent-devices.ts';
import type { SecretStore } from './secrets.ts';
import type { SettingsFile } from './settings-file.ts';

export interface SettingsContext {
  readonly window: BrowserWindow;
  readonly settings: SettingsFile;
  readonly devices: RecentDevices;
  readonly secrets: SecretStore;
  readonly welcome: JsonFile<boolean>;
  readonly forgetHostKey: (destination: string) => Promise<ForgottenKey>;
}

type Names =
  | 'dismiss-welcome'
  | 'settings'
  | 'set-settings'
  | 'choose-recordings-folder'
  | 'recent-devices'
  | 'forget-device'
  | 'forget-host-key'
  | 'secret-store'
  | 'forget-secret';

export function settingsHandlers(context: SettingsContext): Pick<Handlers, Names> {
  const { window, settings, devices, secrets, welcome } = context;
  /** Chosen in the system's dialog in this start: the page itself must not say where is written. */
  const chosen = new Set<string>();
  return {
    'dismiss-welcome': () => dismiss(welcome),
    settings: () => settings.view(),
    'set-settings': (wanted) => {
      refuseUnchosen(wanted, settings, chosen);
      const view = settings.set(wanted);
      applyTheme(view);
      return view;
    },
    'choose-recordings-folder': async () => {
      const folder = await chooseFolder(window, 'Folder for recordings', settings.folder);
      if (folder !== null) chosen.add(folder);
      return folder;
    },
    'recent-devices': () => devices.list(),
    'forget-device': (destination) => {
      devices.forget(destination);
      secrets.forgetDevice(destination);
    },
    'forget-host-key': (destination) => context.forgetHostKey(destination),
    'secret-store': () => secrets.view(),
    'forget-secret': (id) => secrets.forget(id),
  };
}

/** The page's own colours follow what the system is said to prefer. */
export function applyTheme({ settings }: SettingsView): void {
  nativeTheme.themeSource = settings.theme;
}

function refuseUnchosen(wanted: Settings, { settings }: SettingsFile, chosen: ReadonlySet<string>): void {
  const folder = wanted.recordingsFolder;
  if (folder === null || folder === settings.recordingsFolder || chosen.has(folder)) return;
  raise('bad-option', `cannot keep recordings in ${folder}: it was not chosen in the dialog`);
}

function dismiss(welcome: JsonFile<boolean>): void {
  try {
    welcome.write(true);
  } catch (error) {
    console.error(`cannot remember that the first screen was seen: ${String(error)}`); // it is shown once more
  }
}
