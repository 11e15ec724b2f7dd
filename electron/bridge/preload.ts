/**
 * Runs sandboxed before the page and puts `window.sonde` there. It knows no Node and decides nothing: main checks.
 * Events and ports that come before the page listens wait here.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { EVENT_CHANNEL, PORT_CHANNEL, REQUEST_CHANNEL } from './channels.ts';
import {
  type EventName,
  type Events,
  PORT_MESSAGE,
  PORTS_WANTED_MESSAGE,
  type SessionPortMessage,
  type SondeBridge,
} from './contract.ts';

type Listener = (event: never) => void;
const listeners = new Map<string, Set<Listener>>();
const early: { readonly name: string; readonly event: unknown }[] = [];

ipcRenderer.on(EVENT_CHANNEL, (_ipc, name: string, event: unknown) => {
  const heard = listeners.get(name);
  if (heard?.size) for (const listener of heard) listener(event as never);
  else early.push({ name, event });
});

function listen<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void {
  const heard = listeners.get(name) ?? new Set<Listener>();
  listeners.set(name, heard.add(listener));
  for (const kept of early.splice(0)) {
    if (kept.name === name) listener(kept.event as Events[N]);
    else early.push(kept);
  }
  return () => void heard.delete(listener);
}

const ports: { readonly sessionId: string; readonly port: MessagePort }[] = [];
let portsWanted = false;

ipcRenderer.on(PORT_CHANNEL, (ipc, sessionId: string) => {
  const [port] = ipc.ports;
  if (port) ports.push({ sessionId, port });
  if (portsWanted) handOutPorts();
});

window.addEventListener('message', (message: MessageEvent<unknown>) => {
  if (message.source !== window || !isPortsWanted(message.data)) return;
  portsWanted = true;
  handOutPorts();
});

function handOutPorts(): void {
  for (const { sessionId, port } of ports.splice(0)) {
    const message: SessionPortMessage = { kind: PORT_MESSAGE, sessionId };
    window.postMessage(message, window.location.origin, [port]);
  }
}

function isPortsWanted(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === PORTS_WANTED_MESSAGE;
}

const bridge: SondeBridge = {
  request: (name, ...args) => ipcRenderer.invoke(REQUEST_CHANNEL, name, ...args),
  on: listen,
  pathOfFile: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld('sonde', bridge);
