/** Main's end of Events and of handing over session ports. */
import type { MessagePortMain, WebContents } from 'electron';
import { EVENT_CHANNEL, PORT_CHANNEL } from './channels.ts';
import type { EventName, Events } from './contract.ts';

export function sendEvent<N extends EventName>(to: WebContents, name: N, event: Events[N]): void {
  if (!to.isDestroyed()) to.send(EVENT_CHANNEL, name, event);
}

export function sendPort(to: WebContents, sessionId: string, port: MessagePortMain): void {
  if (to.isDestroyed()) port.close();
  else to.postMessage(PORT_CHANNEL, sessionId, [port]);
}
