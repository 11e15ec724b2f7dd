import { rulesOf } from '../../../electron/bridge/redaction.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  CaptureView,
  FlightView,
  PortToHost,
  PortToWindow,
  SessionView,
} from '../../../electron/bridge/contract.ts';
import { isPortToHost } from '../../../electron/bridge/payloads.ts';
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

  readonly captures: CaptureView[] = [];
  readonly flights: FlightView[] = [];

  flight(view: FlightView): void {
    this.flights.push(view);
  }

  capture(view: CaptureView): void {
    this.captures.push(view);
  }

  marks(): void {}
  series(): void {}
  refill(): void {}

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
  test('what is kept beside the recording is asked for, and told', async () => {
    subscribe();
    const order = {
      probes: [{ probe: 'syscalls', options: {} }],
      forS: 60,
      maxBytes: 1e7,
      triggers: [],
      beforeS: 30,
      afterS: 30,
    };
    source.keepLast(60);
    source.setTriggers(['loss'], true);
    source.recordUnattended(order);
    source.fetchRecording('1');
    source.deleteRecording('2');
    const view: FlightView = { triggers: ['loss'], keepsTriggered: true, waiting: [], busy: null, kept: [] };
    tell({ kind: 'flight', view });
    await arrived();
    expect(heardByHost).toEqual([
      { kind: 'keep-last', seconds: 60 },
      { kind: 'set-triggers', triggers: ['loss'], keep: true },
      { kind: 'record-unattended', order },
      { kind: 'fetch-recording', id: '1' },
      { kind: 'delete-recording', id: '2' },
    ]);
    expect(heardByHost.every((message) => isPortToHost(message))).toBe(true);
    expect(ear.flights).toEqual([view]);
  });

  test('a capture is asked for, and what becomes of it is told', async () => {
    subscribe();
    const order = {
      file: '/a',
      filter: '',
      snapBytes: 256,
      rateBytes: null,
      ratePackets: null,
      maxBytes: null,
      maxSeconds: null,
    };
    source.startCapture(order);
    source.stopCapture();
    tell({ kind: 'capture', view: { kind: 'starting', order } });
    await arrived();
    expect(heardByHost).toEqual([{ kind: 'start-capture', order }, { kind: 'stop-capture' }]);
    expect(ear.captures).toEqual([{ kind: 'starting', order }]);
    off();
  });

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
    source.answer(3, 'secret', true);
    source.reconnectNow();
    source.startProbe({ probe: 'syscalls', options: { pid: '7' } });
    source.stopProbe('syscalls');
    source.disconnect();
    await arrived();
    expect(heardByHost).toEqual([
      { kind: 'answer', prompt: 3, value: 'secret', keep: true },
      { kind: 'reconnect-now' },
      { kind: 'start-probe', probe: 'syscalls', options: { pid: '7' } },
      { kind: 'stop-probe', probe: 'syscalls' },
      { kind: 'disconnect' },
    ]);
  });

  test('each export gets its own outcome, in whatever order they finish', async () => {
    subscribe();
    const whole = source.exportTo({ format: 'folded', table: null, file: '/a', ranges: [] });
    const part = source.exportTo({ format: 'pprof', table: null, file: '/b', ranges: [{ fromNs: 5, toNs: 6 }] });
    await arrived();
    expect(heardByHost).toMatchObject([
      { request: 1, ranges: [] },
      { request: 2, ranges: [{ fromNs: 5, toNs: 6 }] },
    ]);
    const fault: Fault = { code: 'file-io', message: 'cannot write /b' };
    tell({ kind: 'exported', request: 2, file: '/b', fault });
    tell({ kind: 'exported', request: 1, file: '/a', fault: null });
    expect(await part).toEqual({ ok: false, fault });
    expect(await whole).toEqual({ ok: true, file: '/a' });
  });

  test('a preview is answered once; a newer one leaves the older without an answer', async () => {
    subscribe();
    const rules = rulesOf(['host']);
    const first = source.previewRedaction(rules, []);
    const second = source.previewRedaction(rules, []);
    await arrived();
    expect(heardByHost).toMatchObject([
      { kind: 'preview-redaction', request: 1, rules },
      { kind: 'preview-redaction', request: 2 },
    ]);
    tell({ kind: 'redaction-preview', request: 1, preview: null, fault: null });
    tell({ kind: 'redaction-preview', request: 2, preview: { rules, kinds: [] }, fault: null });
    expect(await first).toBeNull();
    expect(await second).toEqual({ ok: true, preview: { rules, kinds: [] } });
    const shared = source.share({ file: '/s', rules, what: null, ranges: [] });
    await arrived();
    expect(heardByHost.at(-1)).toEqual({
      kind: 'share',
      request: 3,
      file: '/s',
      rules,
      what: null,
      ranges: [],
    });
    tell({ kind: 'exported', request: 3, file: '/s', fault: null });
    expect(await shared).toEqual({ ok: true, file: '/s' });
  });

  test('a summary says how far it is, and is answered once', async () => {
    subscribe();
    const progress: number[] = [];
    const first = source.summarise([{ fromNs: 1, toNs: 2 }], (part) => progress.push(part));
    const second = source.summarise([], (part) => progress.push(part));
    source.cancelSummary();
    await arrived();
    expect(heardByHost).toMatchObject([
      { kind: 'summarise', request: 1, ranges: [{ fromNs: 1, toNs: 2 }] },
      { kind: 'summarise', request: 2, ranges: [] },
      { kind: 'cancel-summary' },
    ]);
    const fault: Fault = { code: 'bad-recording', message: 'cannot open /a' };
    tell({ kind: 'summary', request: 1, summary: null, fault: null });
    tell({ kind: 'summary-progress', request: 2, progress: 0.5 });
    tell({ kind: 'summary', request: 2, summary: null, fault });
    expect(await first).toBeNull();
    expect(await second).toEqual({ ok: false, fault });
    expect(progress).toEqual([0.5]);
  });

  test('a host that dies becomes an end with a name, and fails the exports under way', async () => {
    subscribe();
    tell({ kind: 'state', view: LIVE });
    await arrived();
    const exporting = source.exportTo({ format: 'folded', table: null, file: '/a', ranges: [] });
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
    tell({
      kind: 'state',
      view: {
        kind: 'replay',
        file: '/r',
        bytes: 1,
        progress: 1,
        complete: true,
        warning: null,
        extent: null,
        loaded: null,
        tidying: false,
        importedFrom: null,
      },
    });
    await arrived();
    channel.port2.close();
    await arrived();
    expect(ear.views.at(-1)?.kind).toBe('replay');
    expect(ear.faults).toMatchObject([{ code: 'session-crashed' }]);
  });

  test('after closing nothing is heard any more', async () => {
    subscribe();
    const exporting = source.exportTo({ format: 'folded', table: null, file: '/a', ranges: [] });
    off();
    tell({ kind: 'state', view: LIVE });
    await arrived();
    expect(ear.views).toEqual([]);
    expect(await exporting).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  });
});
