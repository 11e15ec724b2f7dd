/** Devices that were connected to, newest first. No secrets: names of key files at most. */
import { isList, isName, isNumber, isObject, isText, type RecentDevice } from '../bridge/index.ts';
import { JsonFile } from './json-file.ts';

const MAX_DEVICES = 20;

const isDevice = isObject<RecentDevice>({
  destination: isName(1024),
  identityFiles: isList(isName(4096), 16),
  lastUsedMs: isNumber(0),
  hostname: isText(1024),
  osName: isText(1024),
});

const isStored = isObject<{ version: number; devices: readonly RecentDevice[] }>({
  version: isNumber(1, 1),
  devices: isList(isDevice, MAX_DEVICES),
});

export class RecentDevices {
  readonly #file: JsonFile<{ version: number; devices: readonly RecentDevice[] }>;

  constructor(file: string) {
    this.#file = new JsonFile(file, isStored, { version: 1, devices: [] });
  }

  list(): readonly RecentDevice[] {
    return this.#file.read().devices;
  }

  /** Not worth a word to the user when the disk refuses. */
  remember(device: RecentDevice): void {
    try {
      this.#store([device, ...this.#others(device.destination)]);
    } catch (error) {
      console.error(`cannot remember ${device.destination}: ${String(error)}`);
    }
  }

  forget(destination: string): void {
    this.#store(this.#others(destination));
  }

  #others(destination: string): readonly RecentDevice[] {
    return this.list().filter((device) => device.destination !== destination);
  }

  #store(devices: readonly RecentDevice[]): void {
    this.#file.write({ version: 1, devices: devices.slice(0, MAX_DEVICES) });
  }
}
