import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PortToHost, PortToWindow, SessionView } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import { PortSource } from '../../../renderer/source/index.ts';
import type { PortLike, SourceListener } from '../../../renderer/source/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

const RECORDING = { file: '/r/a.mcap', bytes: 1, seconds: 1, fault: null };
const LIVE: SessionView = {
  kind: 'live',
  steps: [],
  link: { rttMs: 1, bytesPerSecond: 1, user: 'u', address: 'a', mergedWindows: 0 },
  recording: RECORDING,
};

/** Hears everything; `release` lets the next batch go. */
class Ear implements SourceListener {
  readonly batches: (readonly Signal[])[] = [];
  readonly views: SessionView[] = [];
  readonly faults: Fault[] = [];
  readonly #held: (() => void)[] = [];

  signals(batch: readonly Signal[]): Promise<void> {
    this.batches.push(batch);
    return new Promise((resolve) => this.#held.push(resolve));
  }

  view(view: SessionView): void {
    this.views.push(view);
  }

  fault(fault: Fault): void {
    this.faults.push(fault);
  }

  release(): void {
    this.#held.shift()?.();
  }
}

let channel: MessageChannel;
let ear: Ear;
let source: PortSource;
let off: () => void;
let heardByHost: PortToHost[];

beforeEach(() => {
  channel = new MessageChannel();
  heardByHost = [];
  channel.port2.addEventListener('message', (event) => heardByHost.push(event.data as PortToHost));
  channel.port2.start();
  ear = new Ear();
  source = new PortSource(channel.port1 as PortLike);
});

afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

const subscribe = () => void (off = source.subscribe(ear));
const tell = (message: PortToWindow) => channel.port2.postMessage(message);
const arrived = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('port source', () => {
  test('delivers what came before anybody listened, in order', async () => {
    tell({ kind: 'state', view: LIVE });
    tell({ kind: 'signals', batch: 1, signals: signalsFromStacks('a;b') });
    await arrived();
    subscribe();
    await arrived();
    expect(ear.views).toEqual([LIVE]);
    expect(ear.batches).toEqual([signalsFromStacks('a;b')]);
  });

  test('acknowledges a batch when its listener has taken it, not before', async () => {
    subscribe();
    tell({ kind: 'signals', batch: 7, signals: [] });
    tell({ kind: 'signals', batch: 8, signals: [] });
    await arrived();
    expect(heardByHost).toEqual([]);
    ear.release();
    await arrived();
    expect(heardByHost).toEqual([{ kind: 'ack', batch: 7 }]);
  });

  test('hands on answers, probes, disconnecting and reconnecting', async () => {
    subscribe();
    source.answer(3, 'secret');
    source.reconnectNow();
    source.startProbe({ probe: 'syscalls', options: { pid: '7' } });
    source.stopProbe('syscalls');
    source.disconnect();
    await arrived();
    expect(heardByHost).toEqual([
      { kind: 'answer', prompt: 3, value: 'secret' },
      { kind: 'reconnect-now' },
      { kind: 'start-probe', probe: 'syscalls', options: { pid: '7' } },
      { kind: 'stop-probe', probe: 'syscalls' },
      { kind: 'disconnect' },
    ]);
  });

  test('each export gets its own outcome, in whatever order they finish', async () => {
    subscribe();
    const whole = source.exportTo({ format: 'folded', table: null, file: '/a', range: null });
    const part = source.exportTo({ format: 'pprof', table: null, file: '/b', range: { fromNs: 5, toNs: 6 } });
    await arrived();
    expect(heardByHost).toMatchObject([
      { request: 1, fromNs: null, toNs: null },
      { request: 2, fromNs: 5, toNs: 6 },
    ]);
    const fault: Fault = { code: 'file-io', message: 'cannot write /b' };
    tell({ kind: 'exported', request: 2, file: '/b', fault });
    tell({ kind: 'exported', request: 1, file: '/a', fault: null });
    expect(await part).toEqual({ ok: false, fault });
    expect(await whole).toEqual({ ok: true, file: '/a' });
  });

  test('a host that dies becomes an end with a name, and fails the exports under way', async () => {
    subscribe();
    tell({ kind: 'state', view: LIVE });
    await arrived();
    const exporting = source.exportTo({ format: 'folded', table: null, file: '/a', range: null });
    channel.port2.close();
    await arrived();
    expect(ear.views.at(-1)).toMatchObject({ kind: 'ended', fault: { code: 'session-crashed' }, recording: RECORDING });
    expect(await exporting).toMatchObject({ ok: false, fault: { code: 'session-crashed' } });
  });

  test('a host that goes after it said "ended" is no news', async () => {
    subscribe();
    const ended: SessionView = { kind: 'ended', fault: null, steps: [], recording: RECORDING };
    tell({ kind: 'state', view: ended });
    await arrived();
    channel.port2.close();
    await arrived();
    expect(ear.views).toEqual([ended]);
    expect(ear.faults).toEqual([]);
  });

  test('a recording that was read to its end stays on screen when its host dies', async () => {
    subscribe();
    tell({ kind: 'state', view: { kind: 'replay', file: '/r', bytes: 1, progress: 1, complete: true, warning: null } });
    await arrived();
    channel.port2.close();
    await arrived();
    expect(ear.views.at(-1)?.kind).toBe('replay');
    expect(ear.faults).toMatchObject([{ code: 'session-crashed' }]);
  });

  test('after closing nothing is heard any more', async () => {
    subscribe();
    const exporting = source.exportTo({ format: 'folded', table: null, file: '/a', range: null });
    off();
    tell({ kind: 'state', view: LIVE });
    await arrived();
    expect(ear.views).toEqual([]);
    expect(await exporting).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  });
});
