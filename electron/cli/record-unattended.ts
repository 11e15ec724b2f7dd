/** `sonde record HOST --unattended`: the device records by itself, whatever becomes of the link; `sonde fetch` brings it. */
import {
  DEFAULT_AROUND_S,
  MAX_AROUND_S,
  MAX_TRIGGERS,
  MAX_UNATTENDED_S,
  MIN_UNATTENDED_BYTES,
  parseTrigger,
  probeOfTrigger,
  raise,
  TRIGGER_KINDS,
  triggerText,
  type UnattendedPlan,
  type UnattendedStatus,
} from '../../remote-agent/protocol/index.ts';
import { unattendedPlan, type UnattendedWish } from '../session/index.ts';
import type { Arguments, OptionHelp, Result } from './command.ts';
import { OK } from './exit-codes.ts';
import { DEFAULT_PROBE, probeChoices, probesOf } from './probe-options.ts';
import { bytesText, clockText, parseBytes, parseDurationMs } from './quantities.ts';
import { withDevice } from './with-device.ts';
import type { World } from './world.ts';

const DEFAULT_MAX_SIZE = '200MB';

export const UNATTENDED_OPTIONS: readonly OptionHelp[] = [
  {
    name: 'unattended',
    value: null,
    help: 'Let the device record by itself: it goes on when the link is cut or this computer is off. Needs --for. See sonde fetch.',
  },
  {
    name: 'max-size',
    value: 'SIZE',
    help: `Of --unattended: it ends at this size. Default: ${DEFAULT_MAX_SIZE}. A tenth of the disk always stays free.`,
  },
  {
    name: 'trigger',
    value: 'TRIGGER',
    multiple: true,
    help: `Of --unattended: keep only what is around this. May be repeated. ${TRIGGER_KINDS.map(({ form }) => form).join(', ')}.`,
  },
  {
    name: 'before',
    value: 'TIME',
    help: `Of --trigger: how much is kept before it, up to ${MAX_AROUND_S}s. Default: ${DEFAULT_AROUND_S}s.`,
  },
  { name: 'after', value: 'TIME', help: `Of --trigger: and after it. Default: ${DEFAULT_AROUND_S}s.` },
];

/** Checks everything that can be checked before anything goes to the device. */
export function unattendedWish(given: Arguments): UnattendedWish {
  if (given.has('output'))
    raise(
      'config-invalid',
      'cannot use --output with --unattended',
      'The file is made when it is fetched: sonde fetch HOST -o FILE.',
    );
  const forText =
    given.value('for') ?? raise('config-invalid', 'an unattended recording needs an end', 'Say how long: --for 2h.');
  const triggers = given.values('trigger').map(parseTrigger);
  if (triggers.length > MAX_TRIGGERS)
    raise('bad-option', `cannot use ${triggers.length} triggers`, `There may be ${MAX_TRIGGERS}.`);
  const [first] = triggers.map(probeOfTrigger).filter((probe) => probe !== null);
  const choices = probeChoices(given, probesOf(given), 'record');
  if (first !== undefined && !choices.some(({ probe }) => probe === first))
    raise(
      'bad-option',
      `the trigger needs the probe ${first}`,
      `Add --probe ${[...(given.has('probe') ? choices.map(({ probe }) => probe) : [DEFAULT_PROBE]), first].join(',')}.`,
    );
  const around = (name: 'before' | 'after'): number =>
    secondsOf(given, name, `${DEFAULT_AROUND_S}s`, name === 'before' ? 0 : 1, MAX_AROUND_S);
  return {
    probes: choices,
    forS: secondsOf(given, 'for', forText, 1, MAX_UNATTENDED_S),
    maxBytes: maxBytesOf(given),
    triggers: triggers.map(triggerText),
    beforeS: around('before'),
    afterS: around('after'),
  };
}

/** Options that say something of an unattended recording only. */
export function refuseUnattendedOptions(given: Arguments): void {
  const [name] = ['max-size', 'trigger', 'before', 'after'].filter((each) => given.has(each));
  if (name !== undefined) raise('config-invalid', `cannot use --${name} without --unattended`, 'Add --unattended.');
}

export async function recordUnattended(given: Arguments, world: World): Promise<Result> {
  const wish = unattendedWish(given);
  return withDevice(given, world, async ({ ssh, facts, ask, signal, progress }) => {
    const { rooms, artifactsDir } = world;
    const root = await rooms.becomeRoot(ssh, facts, ask, { signal });
    const artifacts = await rooms.findArtifacts(artifactsDir, facts.arch);
    progress.show('sending what is missing');
    const installation = await rooms.install(root, facts, artifacts, { signal });
    progress.show('starting the probes');
    const plan = unattendedPlan(given.words[0] ?? '', wish, Date.now());
    const status = await rooms.startUnattended(root, installation, plan, { signal });
    if (status.state === 'ended') {
      for (const found of await rooms.listUnattended(root, { signal }))
        if (found.id === plan.id) await rooms.deleteUnattended(root, found, { signal });
      return raise(
        'agent-start',
        `the unattended recording has ended at once: ${status.reason}`,
        undefined,
        status.failures.join('\n'),
      );
    }
    return {
      exitCode: OK,
      text: startedText(plan, status, given.words[0] ?? ''),
      json: { id: plan.id, probes: status.probes, failures: status.failures },
    };
  });
}

function startedText(
  { id, forS, maxBytes, triggers, beforeS, afterS }: UnattendedPlan,
  { probes, failures }: UnattendedStatus,
  host: string,
): string {
  return [
    `recording ${probes.join(', ')} unattended as ${id}`,
    ...failures.map((failure) => `not recorded: ${failure}`),
    `it ends by itself after ${clockText(forS)} or at ${bytesText(maxBytes)}`,
    ...(triggers.length > 0 ? [`kept: from ${beforeS} s before to ${afterS} s after ${triggers.join(' or ')}`] : []),
    `fetch it with: sonde fetch ${host}`,
  ].join('\n');
}

function secondsOf(given: Arguments, name: string, fallback: string, min: number, max: number): number {
  const seconds = parseDurationMs(given.value(name) ?? fallback, `--${name}`) / 1000;
  if (seconds < min || seconds > max)
    raise(
      'config-invalid',
      `cannot use --${name} ${given.value(name) ?? fallback}`,
      `It must be from ${min}s to ${max >= 3600 ? `${max / 3600}h` : `${max}s`}.`,
    );
  return seconds;
}

function maxBytesOf(given: Arguments): number {
  const bytes = parseBytes(given.value('max-size') ?? DEFAULT_MAX_SIZE, '--max-size');
  if (bytes < MIN_UNATTENDED_BYTES)
    raise(
      'config-invalid',
      'cannot use so small a --max-size',
      `It must be at least ${bytesText(MIN_UNATTENDED_BYTES)}.`,
    );
  return bytes;
}
