import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { expect, test } from 'vitest';
import { type Handlers, serveRequests } from '../../../electron/bridge/index.ts';
import { raise } from '../../../remote-agent/protocol/index.ts';

const mainFrame = { origin: 'sonde://app' };
const page = { mainFrame } as unknown as WebContents;
const ours = { sender: page, senderFrame: mainFrame } as unknown as IpcMainInvokeEvent;

type Invoke = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<unknown>;

function serve(handlers: Partial<Handlers>, window: WebContents | null = page): Invoke {
  let invoke: Invoke | null = null;
  const ipc = { handle: (_channel: string, listener: Invoke) => (invoke = listener), removeHandler: () => undefined };
  serveRequests(ipc, () => window, handlers as Handlers);
  return (event, ...args) => invoke?.(event, ...args) ?? Promise.reject(new Error('nobody listens'));
}

test('the answer is the value', async () => {
  const invoke = serve({ 'open-recording': (file) => Promise.resolve({ sessionId: `for ${file}` }) });
  expect(await invoke(ours, 'open-recording', '/a')).toEqual({ ok: true, value: { sessionId: 'for /a' } });
});

test('an expected failure is an answer, a bug is not', async () => {
  const invoke = serve({
    'forget-device': () => raise('file-io', 'the disk is full', 'free some space'),
    'recent-devices': () => {
      throw new TypeError('a bug');
    },
  });
  expect(await invoke(ours, 'forget-device', 'x')).toEqual({
    ok: false,
    fault: { code: 'file-io', message: 'the disk is full', hint: 'free some space' },
  });
  await expect(invoke(ours, 'recent-devices')).rejects.toThrow('a bug');
});

test.each([
  ['another page', { ...ours, sender: { mainFrame } }],
  ['a frame in our page', { ...ours, senderFrame: { origin: 'sonde://app' } }],
  ['a frame that is gone', { ...ours, senderFrame: null }],
])('%s is refused', async (_, event) => {
  const invoke = serve({ 'recent-devices': () => [] });
  await expect(invoke(event as IpcMainInvokeEvent, 'recent-devices')).rejects.toThrow('refused');
});

test('our window showing another origin is refused', async () => {
  const frame = { origin: 'https://example.org' };
  const elsewhere = { mainFrame: frame } as unknown as WebContents;
  const invoke = serve({ 'recent-devices': () => [] }, elsewhere);
  await expect(
    invoke({ sender: elsewhere, senderFrame: frame } as unknown as IpcMainInvokeEvent, 'recent-devices'),
  ).rejects.toThrow('refused');
});

test('without a window nobody is trusted', async () => {
  await expect(serve({ 'recent-devices': () => [] }, null)(ours, 'recent-devices')).rejects.toThrow('refused');
});

test.each(['no-such-request', 'toString', '__proto__', 7, undefined])('there is no request %s', async (name) => {
  await expect(serve({})(ours, name)).rejects.toThrow('refused: no request');
});

test('a payload of the wrong shape never reaches its handler', async () => {
  const invoke = serve({ 'forget-device': () => expect.unreachable() });
  await expect(invoke(ours, 'forget-device', { evil: true })).rejects.toThrow(
    'refused: bad arguments for forget-device',
  );
});
