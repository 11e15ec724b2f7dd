/**
 * The page's end of session ports. A MessagePort cannot cross the context bridge, so preload posts it to the page's own
 * window; this is the only place that listens. Ports that arrive before the first listener are kept for it.
 */
import { PORT_MESSAGE, PORTS_WANTED_MESSAGE, type SessionPortMessage } from './contract.ts';

/** Returns its own closer. One listener at a time. The port is not started: set `onmessage` or call start(). */
export function onSessionPort(listener: (sessionId: string, port: MessagePort) => void): () => void {
  const receive = (event: MessageEvent<unknown>) => {
    const [port] = event.ports;
    if (event.source === window && isPortMessage(event.data) && port) listener(event.data.sessionId, port);
  };
  window.addEventListener('message', receive);
  window.postMessage({ kind: PORTS_WANTED_MESSAGE }, window.location.origin);
  return () => window.removeEventListener('message', receive);
}

function isPortMessage(data: unknown): data is SessionPortMessage {
  return (
    typeof data === 'object' &&
    data !== null &&
    'kind' in data &&
    data.kind === PORT_MESSAGE &&
    'sessionId' in data &&
    typeof data.sessionId === 'string'
  );
}
