/** Bad days of a running session, on a real kernel over a real link: each is named, nothing is lost in silence or left behind. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WindowSignal } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { leftOn, type WatchedSession, watchSession } from './watched-session.ts';
import { removeFolder } from '../remove-folder.ts';

let box: Box;
let clean = '';
let watched: WatchedSession | null = null;
const watch = (...args: Parameters<typeof watchSession>) => (watched = watchSession(...args));

beforeAll(async () => {
  box = await bootBox({ variant: 'plain', workload: true });
  clean = await leftOn(box);
});
afterEach(async () => {
  await watched?.finish();
  watched?.dispose();
  watched = null;
});
afterAll(() => box?.stop());

const live = (view: { kind: string }) => view.kind === 'live';
const kept = (windows: readonly WindowSignal[]) => windows.reduce((sum, { counters }) => sum + counters.kept, 0);

/** Windows of one run follow each other without gap or overlap. */
function expectSeamless(windows: readonly WindowSignal[]): void {
  for (const [i, window] of windows.entries()) {
    const before = windows[i - 1];
    if (before) expect(window.fromNs, `window ${i}`).toBe(before.toNs);
    const { seen, kept: keptOnes, idle, filtered, lost } = window.counters;
    expect(lost.reduce((sum, { count }) => sum + count, keptOnes + idle + filtered)).toBe(seen);
  }
}

async function expectClean(): Promise<void> {
  await expect.poll(() => leftOn(box), { timeout: 180_000, interval: 2000 }).toBe(clean);
}

describe('a session', () => {
  test('ends in order: everything recorded, nothing running', async () => {
    const session = watch(box);
    await session.until('live', live);
    await session.moreWindows(5);
    const { fault, recording } = await session.finish();
    expect(fault).toBeNull();
    expect(recording?.bytes).toBeGreaterThan(1000);
    const windows = await session.recorded();
    expectSeamless(windows);
    expect(kept(windows)).toBe(kept(session.windows()));
    await expectClean();
  });

  test('goes on over a cut link without gap or double', async () => {
    const session = watch(box, { leaseS: 120 });
    await session.until('live', live);
    await session.moreWindows(3);
    await box.setLink(false);
    await session.until('reconnecting', (view) => view.kind === 'reconnecting');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await box.setLink(true);
    session.session.reconnectNow();
    await session.until('live again', live);
    await session.moreWindows(3);
    expect((await session.finish()).fault).toBeNull();
    expectSeamless(await session.recorded());
    await expectClean();
  });

  test('survives its loader being killed, and says what is missing', async () => {
    const session = watch(box);
    await session.until('live', live);
    await session.moreWindows(3);
    await box.ssh("pkill -9 -o -f '/loader-[0-9a-f]+ run'");
    await expect
      .poll(() => session.signals.some((signal) => signal.kind === 'probe' && signal.what.kind === 'restarted'), {
        timeout: 180_000,
      })
      .toBe(true);
    const restarted = session.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'restarted');
    expect(restarted).toMatchObject({ what: { reason: expect.stringContaining('missing') } });
    await session.moreWindows(2);
    expect((await session.finish()).fault).toBeNull();
    await expectClean();
  });

  test('survives its agent being killed: a new one goes on in the same recording', async () => {
    const session = watch(box);
    await session.until('live', live);
    await session.moreWindows(3);
    const before = session.windows().length;
    await box.ssh("pkill -9 -f 'agent-[0-9a-f]+.cjs serve'");
    await session.until('restarting', (view) => view.kind === 'reconnecting');
    await session.until('live again', live);
    await session.moreWindows(3);
    expect(session.signals.some((signal) => signal.kind === 'note' && /agent/.test(signal.text))).toBe(true);
    expect((await session.finish()).fault).toBeNull();
    expect((await session.recorded()).length).toBeGreaterThan(before);
    // The killed agent's folder stays until the next installation looks; its processes do not.
    expect((await box.ssh("pgrep -f 'agent-[0-9a-f]+.cjs'")).stdout).toBe('');
  });

  test('shows hostile process names as text', async () => {
    const name = String.raw`\033[31m<b>\xff\xe2\x80\xae;`;
    await box.ssh(
      `printf '#!/bin/sh\nprintf "${name}" > /proc/self/comm; while :; do :; done\n' > /tmp/hostile; chmod +x /tmp/hostile; nohup /tmp/hostile >/dev/null 2>&1 &`,
    );
    const session = watch(box);
    await session.until('live', live);
    await session.moreWindows(5);
    const names = session.signals.flatMap((signal) =>
      signal.kind === 'definitions' ? [...signal.processes, ...signal.threads].map(({ comm }) => comm) : [],
    );
    await box.ssh('pkill -f /tmp/hostile');
    expect(names.some((text) => text.includes('<b>'))).toBe(true);
    // Control characters and those that change the direction of writing.
    for (const text of names) expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  test('no sudo rights: a clear fault, nothing left', async () => {
    const session = watch(box, { user: 'guest' });
    const { fault, recording } = await session.session.done;
    expect(fault).toMatchObject({ code: 'no-sudo', hint: expect.any(String) });
    expect(recording).toBeNull();
  });

  test('not Linux', async () => {
    await box.ssh("printf '#!/bin/sh\necho FreeBSD\n' > /usr/local/bin/uname; chmod +x /usr/local/bin/uname");
    const session = watch(box);
    const { fault } = await session.session.done;
    await box.ssh('rm /usr/local/bin/uname');
    expect(fault).toMatchObject({ code: 'not-linux', message: expect.stringContaining('FreeBSD') });
  });
});

describe('a kernel without eBPF', () => {
  test('is named, with what to do; nothing is left running', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sonde-no-bpf-'));
    execFileSync('gcc', ['-O1', '-static', '-o', `${folder}/no-bpf`, 'test/device/no-bpf.c']);
    await box.ssh('cat > /tmp/no-bpf && chmod +x /tmp/no-bpf', { input: readFileSync(`${folder}/no-bpf`) });
    removeFolder(folder);
    // From outside of the login that the old sshd carries.
    await box.ssh(
      '(sleep 1; kill $(pgrep -o sshd); sleep 1; /tmp/no-bpf /usr/sbin/sshd) </dev/null >/dev/null 2>&1 & echo',
    );
    await expect
      .poll(async () => (await box.ssh('bpftool prog')).stderr, { timeout: 180_000, interval: 1000 })
      .toContain('Function not implemented');
    const session = watch(box);
    const { fault } = await session.session.done;
    expect(fault).toMatchObject({ code: 'kernel-no-bpf', hint: expect.any(String) });
    expect((await box.ssh("pgrep -f 'agent-[0-9a-f]+.cjs'")).stdout).toBe('');
  });
});

describe('a box that loses its power', () => {
  test('is given up after the lease, and the recording stays', async () => {
    const fresh = await bootBox({ variant: 'plain', workload: true });
    try {
      const powered = watch(fresh, { leaseS: 10 });
      await powered.until('live', live);
      await powered.moreWindows(3);
      const seen = powered.windows().length;
      await fresh.powerOff();
      const { fault, recording } = await powered.session.done;
      expect(fault).toMatchObject({ code: 'link-lost', hint: expect.any(String) });
      expect(recording?.fault ?? null).toBeNull();
      expect((await powered.recorded()).length).toBeGreaterThanOrEqual(seen);
    } finally {
      await fresh.stop();
    }
  });
});
