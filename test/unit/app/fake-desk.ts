import type {
  Answer,
  EventName,
  Events,
  RequestName,
  Requests,
  SondeBridge,
} from '../../../electron/bridge/contract.ts';
import { DEFAULT_SETTINGS } from '../../../electron/bridge/settings.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { Desk } from '../../../renderer/app/desk.ts';
import { MemorySource } from '../../../renderer/source/index.ts';
import type { Source } from '../../../renderer/source/index.ts';

type Results = { [N in RequestName]: Requests[N]['result'] | { readonly fault: Fault } };

/** The rest of the program as the window sees it: canned answers, events by hand, and a memory of what was asked. */
export class FakeDesk implements Desk {
  readonly asked: { readonly name: RequestName; readonly args: readonly unknown[] }[] = [];
  readonly sources: MemorySource[] = [];
  readonly bridge: SondeBridge;
  readonly #results: Results;
  readonly #listeners = new Map<EventName, Set<(event: never) => void>>();
  #onSource: ((sessionId: string, source: Source) => void) | null = null;

  constructor(results: Partial<Results> = {}) {
    this.#results = { ...CALM, ...results };
    this.bridge = {
      request: (name, ...args) => this.#answer(name, args),
      on: (name, listener) => this.#listen(name, listener),
      pathOfFile: (file) => `/dropped/${file.name}`,
    };
  }

  onSource(listener: (sessionId: string, source: Source) => void): () => void {
    this.#onSource = listener;
    return () => {
      this.#onSource = null;
    };
  }

  /** As if the session host's port had arrived. */
  hand(sessionId: string): MemorySource {
    const source = new MemorySource();
    this.sources.push(source);
    this.#onSource?.(sessionId, source);
    return source;
  }

  emit<N extends EventName>(name: N, event: Events[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never);
  }

  names(): readonly RequestName[] {
    return this.asked.map(({ name }) => name);
  }

  #answer<N extends RequestName>(name: N, args: readonly unknown[]): Promise<Answer<N>> {
    this.asked.push({ name, args });
    const result = this.#results[name];
    if (typeof result === 'object' && result !== null && 'fault' in result) {
      return Promise.resolve({ ok: false, fault: result.fault });
    }
    return Promise.resolve({ ok: true, value: result as Requests[N]['result'] });
  }

  #listen<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void {
    const heard = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, heard.add(listener as (event: never) => void));
    return () => void heard.delete(listener as (event: never) => void);
  }
}

const CALM: Results = {
  'app-info': { version: '0.1.0', electron: '45.4.1', sampleRecording: true, user: 'mara', isFirstStart: false },
  'dismiss-welcome': undefined,
  settings: { settings: DEFAULT_SETTINGS, folder: '/recordings', trouble: null },
  'set-settings': { settings: DEFAULT_SETTINGS, folder: '/recordings', trouble: null },
  'choose-recordings-folder': '/media/disk/recordings',
  'forget-host-key': { removed: 1, stayed: [] },
  'secret-store': { refusal: null, kept: [] },
  'forget-secret': undefined,
  'answer-quit': undefined,
  'recent-devices': [],
  'forget-device': undefined,
  'recent-recordings': [],
  connect: { sessionId: 'live-1' },
  'open-recording': { sessionId: 'recording-1' },
  'close-session': undefined,
  'choose-key-file': '/home/mara/.ssh/id_field',
  'choose-export-file': '/home/mara/gateway.folded',
  'choose-share-file': '/home/mara/redacted.sonde.mcap',
  'choose-capture-file': '/home/mara/gateway.pcapng',
  'has-wireshark': true,
  'open-in-wireshark': undefined,
  library: { folder: '/recordings', recordings: [], rules: { maxBytes: null, maxDays: null } },
  'note-recording': undefined,
  'keep-recording': undefined,
  'delete-recordings': [],
  'set-clean-up-rules': undefined,
  'clean-up': [],
  'show-in-folder': undefined,
  'copy-text': undefined,
};
