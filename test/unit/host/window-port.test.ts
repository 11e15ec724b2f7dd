import { expect, test, vi } from 'vitest';
import { type PortLike, WindowPort } from '../../../electron/host/window-port.ts';

class FakePort implements PortLike {
  readonly sent: unknown[] = [];
  readonly listeners = new Map<string, (message: { readonly data: unknown }) => void>();
  postMessage(message: unknown): void {
    this.sent.push(message);
  }
  on(event: 'message' | 'close', listener: (message: { readonly data: unknown }) => void): void {
    this.listeners.set(event, listener);
  }
  say(data: unknown): void {
    this.listeners.get('message')?.({ data });
  }
  start(): void {}
  close(): void {}
}

function open() {
  const port = new FakePort();
  const messages: unknown[] = [];
  const onClose = vi.fn();
  return {
    port,
    messages,
    onClose,
    window: new WindowPort(port, { onMessage: (message) => messages.push(message), onClose }),
  };
}

const settled = async (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise((r) => setImmediate(() => r(false)))]);

test('a batch counts as taken when the window says so, in whatever order', async () => {
  const { port, window } = open();
  const first = window.sendSignals([]);
  const second = window.sendSignals([]);
  port.say({ kind: 'ack', batch: 2 });
  expect(await settled(second)).toBe(true);
  expect(await settled(first)).toBe(false);
  port.say({ kind: 'ack', batch: 1 });
  expect(await settled(first)).toBe(true);
  port.say({ kind: 'ack', batch: 1 }); // twice is harmless
});

test('a window that is gone takes everything', async () => {
  const { port, window, onClose } = open();
  const batch = window.sendSignals([]);
  port.listeners.get('close')?.({ data: null });
  expect(await settled(batch)).toBe(true);
  expect(await settled(window.sendSignals([]))).toBe(true);
  window.send({ kind: 'fault', fault: { code: 'cancelled', message: 'unheard' } });
  expect(port.sent).toHaveLength(1);
  expect(onClose).toHaveBeenCalledOnce();
});

test('messages of unknown shape are dropped', () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { port, messages } = open();
  port.say({ kind: 'disconnect' });
  port.say({ kind: 'disconnect', please: true });
  port.say('ack');
  expect(messages).toEqual([{ kind: 'disconnect' }]);
  expect(complain).toHaveBeenCalledTimes(2);
  complain.mockRestore();
});
