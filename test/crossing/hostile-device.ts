/**
 * A device that means harm, as far as SSH lets anybody in: it answers like one on which everything is there, so that the
 * workstation soon starts an agent, and does at each step what the test says.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import type { Connection, ServerChannel } from 'ssh2';
import { findArtifacts } from '../../electron/device/index.ts';
import { sectionStart } from '../../electron/device/sections.ts';
import { encodeFrame, encodePreamble } from '../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame } from '../../remote-agent/protocol/index.ts';
import { removeFolder } from '../remove-folder.ts';

export type Deed = (channel: ServerChannel, command: string) => void | Promise<void>;

export interface Deeds {
  /** Before any SSH. */
  readonly greet?: (socket: Socket) => void | Promise<void>;
  /** Once somebody is logged in. */
  readonly login?: (connection: Connection) => void;
  readonly detect?: Deed;
  /** Nothing is there, so that it is sent; this takes it. */
  readonly upload?: Deed;
  /** What the agent's stream is joined to. */
  readonly agent?: Deed;
  /** What the loader's packets are read from. */
  readonly capture?: Deed;
  /** Asked for recordings that it has made by itself: none is there otherwise. */
  readonly list?: Deed;
  /** The bytes of one. */
  readonly read?: Deed;
  /** Maximum packet size that it names for each channel. */
  readonly packetSize?: number;
}

export interface HostileDevice {
  readonly port: number;
  /** What it does from now on. */
  deeds: Deeds;
  /** Of its host key. */
  readonly fingerprint: string;
  /** Files as Sonde would send them. */
  readonly artifactsDir: string;
  /** For --known-hosts. */
  readonly knownHosts: string;
  /** That was asked for, in order: what the commands were. */
  readonly commands: string[];
  /** The password it takes; anything else is refused, and '' = everybody is let in. */
  password: string;
  stop(): Promise<void>;
}

export const WELCOME = encodeFrame(
  encodeAgentFrame({
    body: {
      case: 'welcome',
      value: { agentVersion: '0.1.0', runId: new Uint8Array(16).fill(7), nextSeq: 1n, leaseS: 60, pid: 4242 },
    },
  }),
);
/** What every agent begins with. */
export const GREETING = Buffer.concat([encodePreamble(), WELCOME]);

/** `realFiles`: where files for devices lie already; small stand-ins are made otherwise. */
export async function startHostileDevice(deeds: Deeds = {}, realFiles = ''): Promise<HostileDevice> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-hostile-'));
  const key = path.join(folder, 'host');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const artifactsDir = realFiles || path.join(folder, 'device');
  if (realFiles === '') writeArtifacts(artifactsDir);
  const facts = await honestFacts(artifactsDir);
  const device: HostileDevice = {
    port: 0,
    deeds,
    fingerprint: execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '',
    artifactsDir,
    knownHosts: path.join(folder, 'known_hosts'),
    commands: [],
    password: '',
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
      removeFolder(folder);
    },
  };
  const server = new ssh2.Server({ hostKeys: [readFileSync(key)] }, (connection) => serve(connection, device, facts));
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the workstation hangs up: that is what is wanted
    socket.once('close', () => sockets.delete(socket));
    if (device.deeds.greet) void device.deeds.greet(socket);
    else server.injectSocket(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  writeFileSync(
    device.knownHosts,
    `[127.0.0.1]:${port} ${readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')}\n`,
  );
  return Object.assign(device, { port });
}

function serve(connection: Connection, device: HostileDevice, facts: { whole: string; empty: string }): void {
  connection.on('error', () => {}); // as above
  connection.on('authentication', (context) => {
    const isRight = context.method === 'password' && context.password === device.password;
    if (device.password === '' || isRight) context.accept();
    else context.reject(['password']);
  });
  connection.on('ready', () => device.deeds.login?.(connection));
  connection.on('session', (accept) => {
    const session = accept();
    session.on('exec', (yes, _no, { command }) => {
      device.commands.push(command);
      const channel = yes();
      channel.on('error', () => {});
      void answer(channel, command, device.deeds, facts);
    });
  });
  if (device.deeds.packetSize !== undefined) nameSmallPackets(connection, device.deeds.packetSize);
}

function answer(
  channel: ServerChannel,
  command: string,
  deeds: Deeds,
  facts: { whole: string; empty: string },
): void | Promise<void> {
  if (command.includes('uname -snrm'))
    return deeds.detect ? deeds.detect(channel, command) : end(channel, deeds.upload ? facts.empty : facts.whole);
  if (/cat > \$p|unpack/.test(command)) return (deeds.upload ?? swallow)(channel, command);
  if (command.includes('relay')) return (deeds.agent ?? swallow)(channel, command);
  if (command.includes('process.version')) return end(channel, 'v20.1.0\n');
  if (/ capture --/.test(command)) return (deeds.capture ?? swallow)(channel, command);
  if (command.includes('echo looked')) return deeds.list ? deeds.list(channel, command) : end(channel, 'looked\n');
  return command.includes('tail -c') && deeds.read ? deeds.read(channel, command) : end(channel, '');
}

/** Takes what comes and says that all is well. */
export const swallow: Deed = (channel) => {
  channel.resume();
  channel.once('end', () => end(channel, ''));
};

export function end(channel: ServerChannel, text: string, code = 0): void {
  channel.write(text, () => {
    channel.exit(code);
    channel.end();
  });
}

/** Pieces without an end, or until the other side has had enough; resolves with how many bytes it took. */
export async function pour(
  to: { write(piece: Uint8Array): boolean } & NodeJS.EventEmitter & { destroyed?: boolean },
  piece: (number: number) => Uint8Array | null,
): Promise<number> {
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    for (const event of ['close', 'error', 'finish'])
      to.once(event, () => {
        isOver = true;
        resolve();
      });
  });
  let bytes = 0;
  for (let number = 0; !isOver && !to.destroyed; number++) {
    const next = piece(number);
    if (!next) break;
    bytes += next.length;
    if (!to.write(next)) await Promise.race([once(to, 'drain').catch(() => undefined), over]);
    // So that an end is heard of.
    else if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return bytes;
}

/** Greets as an agent does, then pours. */
export function agentThat(piece: (number: number) => Uint8Array | null): Deed {
  return async (channel) => {
    channel.resume();
    channel.write(GREETING);
    await pour(channel, piece);
  };
}

interface Internals {
  _protocol: { channelOpenConfirm: (...numbers: number[]) => void };
}

function nameSmallPackets(connection: Connection, size: number): void {
  // ssh2 has no public way to lie.
  const { _protocol: protocol } = connection as unknown as Internals;
  const confirm = protocol.channelOpenConfirm.bind(protocol);
  protocol.channelOpenConfirm = (remote = 0, local = 0, window = 0) => confirm(remote, local, window, size);
}

/** Breaks the promise of every channel never to send more than it was asked for. */
export function ignoreWindows(channel: ServerChannel): void {
  Object.assign((channel as unknown as { outgoing: object }).outgoing, { window: Number.POSITIVE_INFINITY });
}

/** Never agrees to the end of a command. */
export function refuseEnds(channel: ServerChannel): void {
  const { _client: client } = channel as unknown as { _client: { _protocol: { channelClose: () => void } } };
  client._protocol.channelClose = () => {};
}

/** Small stand-ins: nothing of them is ever run. */
function writeArtifacts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const loader = Buffer.alloc(200_000, 'loader');
  writeFileSync(path.join(folder, 'loader-x86_64'), loader);
  const agent = Buffer.alloc(50_000, 'agent');
  writeFileSync(path.join(folder, 'agent.zst'), agent);
  const about = { sha256: sum(agent), size: agent.length, unpacked: 90_000, plainSha256: sum(loader) };
  writeFileSync(path.join(folder, 'agent.json'), JSON.stringify(about));
}

/** A detect answer of a device that has everything already, and of one that has nothing. */
export async function honestFacts(artifactsDir: string): Promise<{ whole: string; empty: string }> {
  const { loader, agent } = await findArtifacts(artifactsDir, 'x86_64');
  const dir = '/var/lib/sonde';
  const file = (name: string, bytes: number) => `-rwx------ 1 0 0 ${bytes} Jan  1 00:00 ${name}`;
  const part = (name: Parameters<typeof sectionStart>[0], ...lines: string[]) => [sectionStart(name), ...lines];
  const head = [
    ...part('uname', 'Linux edge-box 6.1.0-50-amd64 x86_64'),
    ...part('id', 'uid=0(root) gid=0(root)'),
    ...part('home', '/root'),
    ...part('files-of-the-kernel', '==> /proc/meminfo <==', 'MemTotal: 1000000 kB', 'MemAvailable: 800000 kB'),
    ...part('node', '/usr/bin/node v20.1.0'),
    ...part('libc', 'glibc 2.36'),
    ...part('sudo', 'root'),
    ...part('clock', String(Math.round(Date.now() / 1000))),
    ...part('places', `place ${dir} ok ${dir}`),
    ...part('space', '/dev/vda 4000000 1000000 3000000 25% /'),
  ];
  const tail = [...part('checked-node', '/usr/bin/node v20.1.0'), ...part('end')];
  const there = [
    ...part('files', `in ${dir}`, file(loader.name, loader.bytes), file(agent.name, agent.bytes)),
    ...part('sums', `${loader.sha256}  ${dir}/${loader.name} ${agent.plainSha256}  ${dir}/${agent.name}`),
  ];
  return { whole: [...head, ...there, ...tail, ''].join('\n'), empty: [...head, ...tail, ''].join('\n') };
}
