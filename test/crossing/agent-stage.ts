/** What the tests of the bundled agent share: it runs as on a device, with a scripted loader, over its real socket. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { PARTS } from '../../build/bundle/parts.mjs';
import { type KeepPlace, serveCommand, type WindowSignal } from '../../remote-agent/protocol/index.ts';
import { AgentClient } from '../unit/agent/agent-client.ts';
import { removeFolder } from '../remove-folder.ts';

const LOADER = fileURLToPath(new URL('../unit/agent/scripted-loader.mjs', import.meta.url));
const ENTRY = fileURLToPath(new URL('../../remote-agent/agent/main.ts', import.meta.url));
/** Bundled as for users. */
const AGENT_OPTIONS = PARTS.find(({ name }) => name === 'agent')?.options as BuildOptions;

/** Of this file of tests. */
export let bundle: string;
/** Of this test. */
export let runDir: string;
/** What the loader is to do, for the loader. */
export let script: string;
export let agent: ChildProcess;
/** What it has said on standard error. */
export let words: string;
let folder: string;
const clients: AgentClient[] = [];

/** To be called once, at the top of a file. */
export function useAgent(): void {
  beforeAll(async () => {
    bundle = `${mkdtempSync(`${tmpdir()}/sonde-bundle-`)}/agent.cjs`;
    await build({
      entryPoints: [ENTRY],
      ...AGENT_OPTIONS,
      bundle: true,
      minify: true,
      outfile: bundle,
      logLevel: 'error',
    });
    return () => rmSync(dirname(bundle), { recursive: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/sonde-agent-`);
    runDir = mkdtempSync(`${folder}/run-`);
    script = `${folder}/script.json`;
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.cut();
    if (agent.exitCode === null && agent.signalCode === null) {
      agent.kill('SIGKILL');
      await exit();
    }
    removeFolder(folder);
  });
}

export const exit = () =>
  new Promise<number | null>((resolve) =>
    agent.exitCode !== null || agent.signalCode !== null ? resolve(agent.exitCode) : agent.once('exit', resolve),
  );

/** Resolves with its socket. */
export async function startAgent(
  launches: unknown[][],
  { leaseS = 30, kallsyms = undefined as unknown, keep = null as KeepPlace | null } = {},
): Promise<string> {
  writeFileSync(script, JSON.stringify({ launches, kallsyms }));
  serve(runDir, leaseS, keep);
  const sock = `${runDir}/sock`;
  for (let i = 0; i < 500 && !existsSync(sock); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return sock;
}

export function serve(dir: string, leaseS: number, keep: KeepPlace | null = null): void {
  const serving = serveCommand({ node: process.execPath, agent: bundle, loader: LOADER, runDir: dir, leaseS, keep });
  runAgent(serving.slice(1), { SONDE_SCRIPT: script });
}

/** `args`: of Node. Resolves with what it has printed when it has ended. */
export function runAgent(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  words = '';
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  agent = child;
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', () => resolve(printed)));
}

export function newClient(): AgentClient {
  const client = new AgentClient();
  clients.push(client);
  return client;
}

export const startProbe = (options: Record<string, string> = {}, probe = 'cpu-profile') =>
  ({ case: 'startProbe', value: { probe, options } }) as const;
export const windows = (client: AgentClient) =>
  client.signals.filter((signal): signal is WindowSignal => signal.kind === 'window');
export const kept = (client: AgentClient) => windows(client).reduce((sum, { counters }) => sum + counters.kept, 0);
export const inRows = (client: AgentClient) =>
  windows(client).reduce((sum, { columns }) => sum + [...(columns[3] as Uint32Array)].reduce((a, b) => a + b, 0), 0);
