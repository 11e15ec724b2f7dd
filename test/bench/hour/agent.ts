/** The agent as it is sent, fed by loaders whose hour passes in minutes: whether its memory stays where it is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serveCommand } from '../../../remote-agent/protocol/index.ts';
import { AgentClient } from '../../unit/agent/agent-client.ts';
import { memoryOf } from '../harness/desktop-app.ts';

const AGENT = resolve('out/device/agent.cjs');
const LOADER = resolve('test/bench/hour/loader.mjs');
const COLLECTOR = ['--expose-gc', '--require', resolve('test/bench/hour/collect.cjs')];
const COLLECT_MS = 200;
const PROBES = ['cpu-profile', 'net-flows', 'syscalls'];
/** Twice as fast, and it would take its 105 rows a second for those of a busy device, for which it has its code optimised. */
const SPEED = 9;
const LOOK_MS = 20;

/** Bytes at the end of each of its minutes. */
export async function watchAgent(minutes: number, scratch: string): Promise<number[]> {
  const runDir = mkdtempSync(join(scratch, 'run-'));
  const serving = serveCommand({ node: process.execPath, agent: AGENT, loader: LOADER, runDir, leaseS: 30 });
  const env = { ...process.env, SONDE_SPEED: String(SPEED) };
  const agent = spawn(process.execPath, [...COLLECTOR, ...serving.slice(1)], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(agent, 'exit');
  const socket = join(runDir, 'sock');
  while (!existsSync(socket)) await pause(LOOK_MS);
  const client = new AgentClient();
  try {
    await client.join(socket);
    for (const probe of PROBES) client.say({ case: 'startProbe', value: { probe, options: {} } });
    const bytes: number[] = [];
    for (let minute = 1; minute <= minutes; minute++) {
      await reached(client, minute * 60e9);
      agent.kill('SIGUSR2');
      await pause(COLLECT_MS);
      bytes.push(memoryOf(agent.pid ?? 0).find(({ pid }) => pid === agent.pid)?.writtenBytes ?? Number.NaN);
    }
    client.say({ case: 'shutdown', value: { reason: 'the hour is over' } });
    await ended;
    return bytes;
  } finally {
    client.cut();
    agent.kill('SIGKILL');
  }
}

/** All probes have told of the time until then; what they told is forgotten. */
async function reached(client: AgentClient, ns: number): Promise<void> {
  const until = new Map(PROBES.map((probe) => [probe, 0]));
  while (Math.min(...until.values()) < ns) {
    if (client.isClosed) throw new Error('the agent ended before its hour was over');
    for (const signal of client.signals.splice(0)) {
      if (signal.kind === 'probe' && signal.what.kind === 'failed') throw new Error(signal.what.fault.message);
      if (signal.kind === 'window') until.set(signal.probe, Math.max(until.get(signal.probe) ?? 0, signal.toNs));
    }
    client.frames.length = 0;
    await pause(LOOK_MS);
  }
}
