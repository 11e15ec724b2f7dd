/** The bundled agent in a virtual box, with a client at the end of `loader relay` over ssh: as the workstation has it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { PARTS } from '../../build/bundle/parts.mjs';
import { ensureNative } from '../../build/native.mjs';
import { AGENT_NODE_FLAGS, daemonCommand, relayCommand, type Signal } from '../../remote-agent/protocol/index.ts';
import { Duplex } from 'node:stream';
import { AgentClient } from '../unit/agent/agent-client.ts';
import type { Box } from './box/boot.mjs';
import { removeFolder } from '../remove-folder.ts';

const ENTRY = fileURLToPath(new URL('../../remote-agent/agent/main.ts', import.meta.url));
/** Bundled as for users. */
const AGENT_OPTIONS = PARTS.find(({ name }) => name === 'agent')?.options as BuildOptions;
const FOLDER = '/opt/sonde';
const LOADER = `${FOLDER}/loader`;

export class AgentSession {
  readonly client = new AgentClient();
  readonly runDir: string;
  pid = 0;
  private readonly box: Box;
  private readonly leaseS: number;
  private readonly hosts = mkdtempSync(join(tmpdir(), 'sonde-known-hosts-'));
  private relay: ChildProcess | null = null;

  private constructor(box: Box, runDir: string, leaseS: number) {
    this.box = box;
    this.runDir = runDir;
    this.leaseS = leaseS;
  }

  /** Puts agent and loader into the box, once per box. */
  static async install(box: Box): Promise<void> {
    const { x86_64 } = await ensureNative({ arches: ['x86_64'] });
    const { outputFiles } = await build({
      entryPoints: [ENTRY],
      ...AGENT_OPTIONS,
      bundle: true,
      minify: true,
      write: false,
    });
    await put(box, LOADER, readFileSync(x86_64 ?? ''), '755');
    await put(box, `${FOLDER}/agent.cjs`, Buffer.from(outputFiles?.[0]?.contents ?? []), '644');
  }

  /** `node`: another runtime in the box. */
  static async start(
    box: Box,
    { leaseS = 30, node = '/usr/bin/node', flags = AGENT_NODE_FLAGS } = {},
  ): Promise<AgentSession> {
    const runDir = `/run/sonde-${Math.floor(Math.random() * 1e9)}`;
    const session = new AgentSession(box, runDir, leaseS);
    await box.writeKnownHosts(join(session.hosts, 'hosts'));
    const command = daemonCommand({ node, agent: `${FOLDER}/agent.cjs`, loader: LOADER, runDir, leaseS });
    const started = command.join(' ').replace(AGENT_NODE_FLAGS.join(' '), flags.join(' '));
    const { stdout, stderr } = await box.ssh(
      `mkdir -m 700 ${runDir} && ${started}; i=0; while [ ! -S ${runDir}/sock ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done; [ -S ${runDir}/sock ] || cat ${runDir}/log >&2`,
    );
    session.pid = Number(stdout);
    if (!session.pid || stderr) throw new Error(`the agent did not start: ${stderr}`);
    await session.link();
    return session;
  }

  /** Links the client: the first time as a new one, then to resume. */
  async link(): Promise<void> {
    const { box } = this;
    const ssh = [
      '-F',
      'none',
      '-T',
      '-i',
      box.users.root.identityFile,
      '-p',
      String(box.port),
      '-o',
      `UserKnownHostsFile=${join(this.hosts, 'hosts')}`,
      '-o',
      'BatchMode=yes',
      '-o',
      'LogLevel=ERROR',
    ];
    const relay = spawn('ssh', [...ssh, `root@${box.host}`, relayCommand(LOADER, this.runDir).join(' ')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.relay = relay;
    await this.client.joinOver(Duplex.from({ writable: relay.stdin, readable: relay.stdout }), this.leaseS);
  }

  startProbe(options: Record<string, string> = {}, probe = 'cpu-profile'): void {
    this.client.say({ case: 'startProbe', value: { probe, options } });
  }

  /** Resolves when the last windows have come. */
  async stopProbe(probe: string): Promise<void> {
    const isStop = (signal: Signal) =>
      signal.kind === 'probe' && signal.probe === probe && signal.what.kind === 'stopped';
    const stops = () => this.client.signals.filter(isStop).length;
    const before = stops();
    this.client.say({ case: 'stopProbe', value: { probe } });
    await this.client.until('stop', () => stops() > before, 60_000);
  }

  /** The client's end dies; the agent lives on. */
  cut(): void {
    this.client.cut();
    this.relay?.kill('SIGKILL');
  }

  async end(): Promise<void> {
    if (!this.client.isClosed) {
      this.client.say({ case: 'shutdown', value: { reason: 'the test is over' } });
      await this.client.until('farewell', () => this.client.bodies('farewell')[0], 20_000).catch(() => {});
    }
    this.cut();
    removeFolder(this.hosts);
  }

  /** Resident bytes of agent and loader together, as the kernel counts them now. */
  async residentBytes(): Promise<number> {
    const { stdout } = await this.box.ssh(
      `for p in ${this.pid} $(pgrep -f '[/]opt/sonde/loader run'); do grep -h ^VmRSS /proc/$p/status; done`,
    );
    return [...stdout.matchAll(/VmRSS:\s+(\d+) kB/g)].reduce((sum, match) => sum + Number(match[1]) * 1024, 0);
  }
}

async function put(box: Box, path: string, bytes: Buffer, mode: string): Promise<void> {
  const { code, stderr } = await box.ssh(`mkdir -p ${FOLDER} && cat > ${path} && chmod ${mode} ${path}`, {
    input: bytes,
  });
  if (code !== 0) throw new Error(stderr);
}
