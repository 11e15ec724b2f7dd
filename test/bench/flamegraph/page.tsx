/**
 * The workspace on a page of its own. The address says what it shows:
 *   ?bytes=FILE   agent frames, as they come over the link: for measuring
 *   ?world=60     so many seconds of a made-up box: for looking at
 *   ?calls=300    so many seconds of system calls, 1,000 rows each, which go on at the same pace: for measuring
 *   ?flows=60     so many seconds of 5,000 network flows, which go on at the same pace: for measuring
 *   &live=1       goes on, a window a second (four times as fast with live=4)
 */
import { createRoot } from 'react-dom/client';
import { useSyncExternalStore, useState } from 'react';
import { decodeAgentFrame, FrameReader, SignalDecoder } from '../../../remote-agent/protocol/index.ts';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import { browserFrameClock, REPLAY_LIMITS, type Selection, SessionStore } from '../../../renderer/store/index.ts';
import '../../../renderer/theme/index.css';
import { FlameWorkspace } from '../../../renderer/views/flamegraph/index.ts';
import { NetworkWorkspace } from '../../../renderer/views/network/index.ts';
import { CallsWorkspace } from '../../../renderer/views/syscalls/index.ts';
import { callDefinitions, callWindows } from './call-world.ts';
import { flowDefinitions, flowWindows } from './flow-world.ts';
import { worldSignals } from './world.ts';

const address = new URLSearchParams(location.search);
const store = new SessionStore(REPLAY_LIMITS, browserFrameClock());
const copied: string[] = [];
const PROBE = address.has('flows') ? 'net-flows' : address.has('calls') ? 'syscalls' : 'cpu-profile';
/** More than a busy box makes: see the loader's table of counts. */
const ROWS_PER_SECOND = 1000;

function Page() {
  const snapshot = useSyncExternalStore(store.snapshots.subscribe, store.snapshots.getState);
  const last = Number(address.get('last') ?? 0);
  const [selection, setSelection] = useState<Selection>({
    range: last > 0 ? { kind: 'last', seconds: last } : { kind: 'all' },
    process: null,
    thread: null,
    container: null,
  });
  const data = snapshot.probes.get(PROBE);
  if (!data) throw new Error('no such probe');
  const shared = {
    snapshot,
    windows: data.windows,
    selection,
    live: address.has('live') || PROBE !== 'cpu-profile',
    otherViews: [],
    empty: null,
    onSelectionChange: setSelection,
    copyText: (text: string) => void copied.push(text),
  };
  if (PROBE === 'net-flows') return <NetworkWorkspace {...shared} dns={null} drops={null} packets={null} />;
  return PROBE === 'syscalls' ? (
    <CallsWorkspace {...shared} events={null} />
  ) : (
    <FlameWorkspace {...shared} data={data} />
  );
}

/** The store publishes about four times a second, and each time there is a new window. */
function giveCalls(seconds: number): void {
  const windows = callWindows(ROWS_PER_SECOND);
  const next = () => windows.next().value;
  void store.ingest([callDefinitions(), ...Array.from({ length: seconds * 4 }, next)]);
  store.hurry();
  setInterval(() => void store.ingest([next()]), 250);
}

/** As the agent sends them: a window a second, each with a row of every flow. */
function giveFlows(seconds: number): void {
  const windows = flowWindows();
  const next = () => windows.next().value;
  void store.ingest([flowDefinitions(), ...Array.from({ length: seconds }, next)]);
  store.hurry();
  setInterval(() => void store.ingest([next()]), 1000);
}

function signalsOf(bytes: Uint8Array): Signal[] {
  const decoder = new SignalDecoder();
  return new FrameReader()
    .push(bytes)
    .map((payload) => decoder.decode(decodeAgentFrame(payload)))
    .filter((signal) => signal !== null);
}

async function load(): Promise<void> {
  const calls = Number(address.get('calls') ?? 0);
  if (calls > 0) return giveCalls(calls);
  const flows = Number(address.get('flows') ?? 0);
  if (flows > 0) return giveFlows(flows);
  const file = address.get('bytes');
  if (file) {
    const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
    const started = performance.now();
    const signals = signalsOf(bytes);
    performance.measure('decode', { start: started });
    void store.ingest(signals);
    store.hurry();
    return;
  }
  const seconds = Number(address.get('world') ?? 60);
  const speed = Number(address.get('live') ?? 0);
  const signals = worldSignals(seconds + (speed ? 600 : 0));
  let at = 0;
  const give = (windows: number) => {
    const from = at;
    for (let left = windows; at < signals.length && left > 0; at++) if (signals[at]?.kind === 'window') left--;
    void store.ingest(signals.slice(from, at));
  };
  give(seconds);
  store.hurry();
  if (speed) setInterval(() => give(1), 1000 / speed);
}

Object.assign(window, { store, copied });
createRoot(document.getElementById('root')!).render(<Page />);
void load();
