/** A session on the virtual box as a test sees it: its views and signals kept, its end awaited. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProbeChoice, SessionView } from '../../electron/bridge/contract.ts';
import { openRecording } from '../../electron/recording/index.ts';
import { liveDeps, type Session, type SessionEnd, startSession } from '../../electron/session/index.ts';
import type { Fault, Signal, WindowSignal } from '../../remote-agent/protocol/index.ts';
import type { Box, BoxUser } from './box/boot.mjs';
import { removeFolder } from '../remove-folder.ts';

/** A busy machine needs minutes for the first connection: 32 MB go to an emulated box. */
const PATIENCE_MS = 180_000;

export interface WatchedSession {
  readonly session: Session;
  readonly views: SessionView[];
  readonly faults: Fault[];
  readonly signals: Signal[];
  readonly folder: string;
  windows(): WindowSignal[];
  /** Resolves with the first view that `holds`; rejects when the session ended before it or time is over. */
  until(what: string, holds: (view: SessionView) => boolean): Promise<SessionView>;
  /** Waits for `count` more windows. */
  moreWindows(count: number): Promise<void>;
  finish(): Promise<SessionEnd>;
  /** All windows of the recording on disk. */
  recorded(): Promise<WindowSignal[]>;
  dispose(): void;
}

export function watchSession(
  box: Box,
  options: { user?: BoxUser; leaseS?: number; probes?: readonly ProbeChoice[] } = {},
): WatchedSession {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-session-'));
  const views: SessionView[] = [];
  const signals: Signal[] = [];
  const faults: Fault[] = [];
  const user = options.user ?? 'root';
  const session = startSession(
    {
      destination: `${user}@${box.host}:${box.port}`,
      identityFiles: [box.keys.ed25519.identityFile],
      knownHostsFile: path.join(folder, 'known_hosts'),
      acceptHostKey: box.hostKeyFingerprint,
      probes: options.probes ?? [{ probe: 'cpu-profile', options: {} }],
    },
    liveDeps({
      artifactsDir: path.resolve('out/device'),
      recordingDir: folder,
      recordingFile: path.join(folder, 'session.sonde.mcap'),
      ...(options.leaseS === undefined ? {} : { leaseS: options.leaseS }),
    }),
    {
      onView: (view) => {
        views.push(view);
        if (view.kind === 'connecting' && view.prompt?.kind === 'secret')
          session.answer(view.prompt.id, box.users[user === 'root' ? 'ops' : user].password);
      },
      onSignals: async (batch) => void signals.push(...batch),
      onFault: (fault) => void faults.push(fault),
    },
  );
  const windows = () => signals.filter((signal): signal is WindowSignal => signal.kind === 'window');
  const poll = async (what: string, holds: () => boolean) => {
    const end = performance.now() + PATIENCE_MS;
    while (!holds()) {
      const last = views.at(-1);
      if (last?.kind === 'ended') throw new Error(`ended before ${what}: ${JSON.stringify(last.fault)}`);
      if (performance.now() > end) throw new Error(`waited in vain: ${what}; last view ${JSON.stringify(last)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return {
    session,
    views,
    signals,
    faults,
    folder,
    windows,
    until: async (what, holds) => {
      const from = views.length;
      await poll(what, () => views.slice(Math.max(0, from - 1)).some(holds));
      return views.slice(Math.max(0, from - 1)).find(holds) as SessionView;
    },
    moreWindows: async (count) => {
      const wanted = windows().length + count;
      await poll(`${count} more windows`, () => windows().length >= wanted);
    },
    finish: () => {
      session.disconnect();
      return session.done;
    },
    recorded: async () => {
      const reader = await openRecording(path.join(folder, 'session.sonde.mcap'));
      const found: WindowSignal[] = [];
      for await (const signal of reader.signals()) if (signal.kind === 'window') found.push(signal);
      await reader.close();
      return found;
    },
    dispose: () => removeFolder(folder),
  };
}

/** What of Sonde is on the box besides its cached files: processes, run folders, BPF programs and maps. */
export async function leftOn(box: Box): Promise<string> {
  const script = [
    "ps -eo args | grep -E '/sonde(-[0-9]+)?/(loader|node|agent)|agent-[0-9a-f]+.cjs' | grep -v grep",
    'ls /var/lib/sonde*/run 2>/dev/null',
    'bpftool prog show | grep -E "perf_event|raw_tracepoint"',
    'bpftool map show | grep -c .',
  ].join('; ');
  return (await box.ssh(script)).stdout.trim();
}
