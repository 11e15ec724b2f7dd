/** `sonde doctor HOST`: would Sonde work there, and what is to be done if not? Changes nothing on the device. */
import { type Fault, faultOf } from '../../remote-agent/protocol/index.ts';
import type { FoundUnattended, PlaceFacts, PreflightCheck } from '../device/index.ts';
import type { Command } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS } from './device-options.ts';
import { NOT_READY, OK } from './exit-codes.ts';
import { stateText } from './fetch.ts';
import { bytesText } from './quantities.ts';
import { type OpenDevice, withDevice } from './with-device.ts';
import type { World } from './world.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check whether Sonde would work on a device, and say what is missing.',
  words: ['HOST'],
  options: DEVICE_OPTIONS,
  details: DEVICE_DETAILS,
  async run(given, world) {
    return withDevice(given, world, async (device) => {
      const checks = await examine(device, world);
      const isReady = !checks.some((check) => check.state === 'fail');
      return {
        exitCode: isReady ? OK : NOT_READY,
        text: [...checks.map(checkText), '', isReady ? 'Sonde will work there.' : 'Sonde cannot work there yet.'].join(
          '\n',
        ),
        json: { ready: isReady, checks },
      };
    });
  },
};

async function examine(
  { ssh, facts, ask, signal, progress }: OpenDevice,
  world: World,
): Promise<readonly PreflightCheck[]> {
  const { rooms, artifactsDir } = world;
  let places: readonly PlaceFacts[] | null = facts.places;
  let refusal: Fault | null = null;
  let unattended: readonly FoundUnattended[] = [];
  const canTry = facts.sudo !== 'denied' && facts.sudo !== 'missing';
  if (canTry) {
    progress.show("looking with root's rights");
    try {
      const root = await rooms.becomeRoot(ssh, facts, ask, { signal });
      places = root.places;
      unattended = await rooms.listUnattended(root, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      refusal = faultOrThrow(error);
    }
  }
  const artifacts = await rooms.findArtifacts(artifactsDir, facts.arch).catch((error: unknown) => faultOrThrow(error));
  const isMissing = 'code' in artifacts;
  const checks = [
    ...rooms.preflight(facts, places, isMissing ? null : artifacts),
    ...(isMissing ? [missingArtifacts(artifacts)] : []),
    ...unattended.map(unattendedCheck),
  ];
  return refusal ? checks.map((check) => (check.id === 'root' ? rootRefused(check, refusal) : check)) : checks;
}

function missingArtifacts({ message, hint = '' }: Fault): PreflightCheck {
  return { id: 'artifacts', state: 'fail', title: 'Files for the device', found: message, hint };
}

/** The user asked for it once; whoever looks at the device now may not know. */
function unattendedCheck(found: FoundUnattended): PreflightCheck {
  return {
    id: 'unattended',
    state: 'ok',
    title: found.pid > 0 ? 'The device records by itself' : waitsText(found),
    found: `${found.id}, ${stateText(found)}, ${bytesText(found.bytes)}`,
    hint: 'sonde fetch brings it and deletes it there.',
  };
}

function waitsText({ status }: FoundUnattended): string {
  return status?.origin === 'session' ? 'The last of a session that broke off waits' : 'A recording waits';
}

function faultOrThrow(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}

function rootRefused(check: PreflightCheck, { message, hint }: Fault): PreflightCheck {
  return { ...check, state: 'fail', found: message, hint: hint ?? check.hint };
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

function checkText({ state, title, found, hint }: PreflightCheck): string {
  const line = `${MARKS[state]}  ${title}: ${found}`;
  return hint === '' ? line : `${line}\n      → ${hint}`;
}
