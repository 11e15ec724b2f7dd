/** Where the application finds its own files and keeps the user's. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Places {
  readonly page: string;
  readonly preload: string;
  readonly icon: string;
  readonly host: string;
  /** Agent bundle and loaders. */
  readonly artifacts: string;
  readonly sampleRecording: string;
  /** Licences and the like, beside a packaged application's executable. */
  readonly notices: string;
  /** Where they go while nobody has chosen another folder. */
  readonly recordings: string;
  readonly recentDevices: string;
  readonly settings: string;
  readonly secrets: string;
  /** Whether the first screen was put away. */
  readonly welcome: string;
  readonly windowState: string;
  readonly logs: string;
}

/** `main` is the URL of the bundled main script in out/app. */
export function placesFor(main: string, userData: string): Places {
  const app = path.dirname(fileURLToPath(main));
  const out = path.dirname(app);
  return {
    notices: path.join(path.dirname(process.execPath), process.platform === 'darwin' ? '..' : '.', 'notices'),
    page: path.join(app, 'renderer'),
    preload: path.join(app, 'preload.cjs'),
    icon: path.join(app, 'icon.png'),
    host: path.join(app, 'host.js'),
    artifacts: path.join(out, 'device'),
    sampleRecording: path.join(app, 'sample.sonde.mcap'),
    recordings: path.join(userData, 'recordings'),
    recentDevices: path.join(userData, 'devices.json'),
    settings: path.join(userData, 'settings.json'),
    secrets: path.join(userData, 'secrets.json'),
    welcome: path.join(userData, 'welcome.json'),
    windowState: path.join(userData, 'window.json'),
    logs: path.join(userData, 'logs'),
  };
}
