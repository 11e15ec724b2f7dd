/** Main's end of Requests: every call is checked for its sender and its payload, and answered with a value or a Fault. */
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { faultOf } from '../../remote-agent/protocol/fault.ts';
import { APP_ORIGIN, REQUEST_CHANNEL } from './channels.ts';
import type { RequestName, Requests } from './contract.ts';
import { ARGUMENTS } from './payloads.ts';

export type Handlers = {
  readonly [N in RequestName]: (...args: Requests[N]['args']) => Promise<Requests[N]['result']> | Requests[N]['result'];
};

/** The part of an IPC event that tells who calls. */
export type Caller = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/** Returns its own closer. `window` is asked at each call: null = there is none, and nobody is trusted. */
export function serveRequests(
  ipc: Pick<IpcMain, 'handle' | 'removeHandler'>,
  window: () => WebContents | null,
  handlers: Handlers,
): () => void {
  ipc.handle(REQUEST_CHANNEL, async (event, name: unknown, ...args: unknown[]) => {
    if (!isOurPage(event, window())) throw new Error('refused: not the page of this window');
    if (!isRequestName(name)) throw new Error(`refused: no request ${JSON.stringify(String(name).slice(0, 64))}`);
    return answer(name, args, handlers);
  });
  return () => ipc.removeHandler(REQUEST_CHANNEL);
}

/** Expected failures become a Fault; bugs and bad payloads reject. */
async function answer<N extends RequestName>(name: N, args: unknown, handlers: Handlers): Promise<unknown> {
  if (!ARGUMENTS[name](args)) throw new Error(`refused: bad arguments for ${name}`);
  try {
    return { ok: true, value: await handlers[name](...args) };
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return { ok: false, fault };
    throw error;
  }
}

/** The main frame of our window, showing our own page. */
function isOurPage(event: Caller, contents: WebContents | null): boolean {
  if (!contents || event.sender !== contents) return false;
  const frame = event.senderFrame;
  return frame !== null && frame === contents.mainFrame && frame.origin === APP_ORIGIN;
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(ARGUMENTS, name);
}
