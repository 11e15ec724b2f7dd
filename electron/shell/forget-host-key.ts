/** Forgetting the host key of a device, in a process of its own: main knows no SSH, nor its files. */
import { utilityProcess } from 'electron';
import { raise } from '../../remote-agent/protocol/fault.ts';
import {
  type ForgottenKey,
  isInteger,
  isList,
  isObject,
  isText,
  type MainToHost,
  orNull,
  type Shape,
} from '../bridge/index.ts';

interface Told {
  readonly forgotten: ForgottenKey | null;
  /** Why not. */
  readonly message: string;
  readonly hint: string;
}

const isTold: Shape<Told> = isObject<Told>({
  forgotten: orNull(isObject<ForgottenKey>({ removed: isInteger(0), stayed: isList(isText(), 1000) })),
  message: isText(),
  hint: isText(),
});

export async function forgetHostKeyInProcess(script: string, destination: string): Promise<ForgottenKey> {
  const child = utilityProcess.fork(script, [], { serviceName: 'Sonde host keys', stdio: 'inherit' });
  let told: Told | null = null;
  child.on('message', (message: unknown) => {
    if (isTold(message)) told = message;
  });
  child.postMessage({ kind: 'job', job: { kind: 'forget-host-key', destination } } satisfies MainToHost);
  await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return outcome(told, destination);
}

function outcome(told: Told | null, destination: string): ForgottenKey {
  if (told?.forgotten) return told.forgotten;
  return raise(
    'file-io',
    told?.message ?? `cannot forget the key of ${destination}: looking for it ended unexpectedly`,
    told?.hint === '' ? undefined : told?.hint,
  );
}
