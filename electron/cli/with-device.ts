/** Opens the connection for a command that needs no session, and closes it whatever happens. */
import { FaultError, faultOf } from '../../remote-agent/protocol/index.ts';
import type { DeviceFacts } from '../device/index.ts';
import type { Ask, SshConnection } from '../ssh/index.ts';
import { Asker } from './asker.ts';
import type { Arguments } from './command.ts';
import { sshTarget } from './device-options.ts';
import { ProgressLine } from './progress-line.ts';
import type { World } from './world.ts';

export interface OpenDevice {
  readonly ssh: SshConnection;
  readonly facts: DeviceFacts;
  readonly ask: Ask;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
}

export async function withDevice<T>(
  given: Arguments,
  world: World,
  work: (device: OpenDevice) => Promise<T>,
): Promise<T> {
  const { rooms } = world;
  const progress = new ProgressLine(world);
  const asker = new Asker(world, () => progress.clear());
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  let ssh: SshConnection | null = null;
  try {
    progress.show(`connecting to ${given.words[0] ?? ''}`);
    ssh = await rooms.connect(sshTarget(given), { ask: asker.ask, signal: stop.signal });
    progress.show('looking at the device');
    const facts = await rooms.detect(ssh, { signal: stop.signal });
    return await work({ ssh, facts, ask: asker.ask, signal: stop.signal, progress });
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    throw new FaultError(asker.explain(fault));
  } finally {
    progress.clear();
    off();
    await ssh?.close();
  }
}
