/** Whether everything a device needs is there, as a list of results with remedies: `sonde doctor`. Pure. */
import { FEATURES, type FeatureId, isFeature } from '../../remote-agent/protocol/features.ts';
import { PROBES } from '../../remote-agent/protocol/probes/index.ts';
import type { Artifacts } from './artifacts.ts';
import { installHint, MIN_NODE_MAJOR } from './choose-node.ts';
import { choosePlace, describePlace } from './choose-place.ts';
import type { DeviceFacts, PlaceFacts } from './facts.ts';
import { FEATURE_CHECKS, type Finding, kernelAtLeast } from './feature-checks.ts';
import { majorOf } from './parse-facts.ts';

export interface PreflightCheck {
  readonly id: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly title: string;
  readonly found: string;
  /** What to do, with the exact command or kernel option; '' where nothing is wrong. */
  readonly hint: string;
}

/** Beyond this the device's clock is wrong and not just slow to answer. */
const CLOCK_LIMIT_MS = 60_000;
/** Agent and loader are held under 64 MB; a box with less than this free would start to swap or kill. */
const MEMORY_LIMIT_KB = 80 * 1024;

/** `places` as root sees them, `artifacts` as they would be sent; null = not known. */
export function preflight(
  facts: DeviceFacts,
  places: readonly PlaceFacts[] | null = facts.places,
  artifacts: Artifacts | null = null,
): readonly PreflightCheck[] {
  return [
    kernelCheck(facts),
    rootCheck(facts),
    ...featureChecks(facts),
    nodeCheck(facts, artifacts),
    ...placeChecks(facts, places, artifacts),
    memoryCheck(facts),
    clockCheck(facts),
  ];
}

function kernelCheck({ kernelRelease, machine, osName }: DeviceFacts): PreflightCheck {
  const base = { id: 'kernel', title: 'Kernel', found: `Linux ${kernelRelease} on ${machine}, ${osName}` };
  if (kernelAtLeast(kernelRelease, 5, 2)) return { ...base, state: 'ok', hint: '' };
  if (kernelAtLeast(kernelRelease, 4, 17))
    return { ...base, state: 'warn', hint: 'Kernels before 5.2 are not tested: a probe that does not load says why.' };
  return { ...base, state: 'fail', hint: 'Sonde needs Linux 4.17 or newer.' };
}

function rootCheck({ sudo, user }: DeviceFacts): PreflightCheck {
  const base = { id: 'root', title: 'Root rights' };
  const allow = `As root: usermod -aG sudo ${user} (Debian, Ubuntu) or usermod -aG wheel ${user} (others). Or log in as root.`;
  switch (sudo) {
    case 'root':
      return { ...base, state: 'ok', found: 'logged in as root', hint: '' };
    case 'free':
      return { ...base, state: 'ok', found: `${user} may use sudo without a password`, hint: '' };
    case 'doas':
      return { ...base, state: 'ok', found: `${user} may use doas without a password`, hint: '' };
    case 'password':
      return { ...base, state: 'ok', found: `sudo is there and will ask for the password of ${user}`, hint: '' };
    case 'denied':
      return { ...base, state: 'fail', found: `${user} may not use sudo`, hint: allow };
    case 'missing':
      return {
        ...base,
        state: 'fail',
        found: `${user} is not root and there is no sudo`,
        hint: 'Log in as root (root@host), or install sudo.',
      };
  }
}

/** What the probes need, each once, with what is lost where it is missing. */
function featureChecks(facts: DeviceFacts): PreflightCheck[] {
  const ids = [...new Set(PROBES.flatMap((probe) => probe.needs.map((need) => need.feature)))]
    .filter(isFeature)
    .filter((id) => id !== 'privilege');
  return ids.map((id) => featureCheck(id, FEATURE_CHECKS[id](facts)));
}

function featureCheck(id: FeatureId, finding: Finding): PreflightCheck {
  const { title } = FEATURES[id];
  if (finding.state === 'there') return { id, state: 'ok', title, found: finding.found, hint: '' };
  if (finding.state === 'unknown') return { id, state: 'ok', title, found: finding.found, hint: '' };
  const needs = PROBES.flatMap((probe) =>
    probe.needs.filter((need) => need.feature === id).map((need) => ({ probe, need })),
  );
  const stopped = needs.filter(({ need }) => need.without === null).map(({ probe }) => probe.title);
  const losses = needs.flatMap(({ need }) => (need.without === null ? [] : [need.without]));
  const found = [finding.found, ...(stopped.length > 0 ? [`cannot run: ${stopped.join(', ')}`] : losses)].join('; ');
  return { id, state: stopped.length > 0 ? 'fail' : 'warn', title, found, hint: finding.hint };
}

function nodeCheck(facts: DeviceFacts, artifacts: Artifacts | null): PreflightCheck {
  const base = { id: 'node', title: 'Node' };
  const own = facts.node === null ? 'none on the device' : `${facts.node.version} at ${facts.node.path}`;
  if (facts.node && majorOf(facts.node.version) >= MIN_NODE_MAJOR)
    return { ...base, state: 'ok', found: own, hint: '' };
  const isCarried = artifacts === null ? facts.arch !== 'armv7l' : artifacts.node !== null;
  if (isCarried && facts.libc.kind !== 'musl')
    return { ...base, state: 'ok', found: `${own}; Sonde sends its own once`, hint: '' };
  return {
    ...base,
    state: 'fail',
    found: `${own}, and the one Sonde carries does not run there (${facts.libc.kind === 'musl' ? 'musl' : facts.machine})`,
    hint: installHint(facts),
  };
}

function placeChecks(
  facts: DeviceFacts,
  places: readonly PlaceFacts[] | null,
  artifacts: Artifacts | null,
): PreflightCheck[] {
  const base = { id: 'place', title: 'Place for the agent' };
  if (places === null) return [];
  const wantsNode = !facts.node || majorOf(facts.node.version) < MIN_NODE_MAJOR;
  const files = artifacts
    ? [artifacts.loader, artifacts.agent, ...(wantsNode && artifacts.node ? [artifacts.node] : [])]
    : [];
  const place = choosePlace(places, { files }, facts.memoryAvailableKb);
  if (place) {
    const state = place.memory ? 'warn' : 'ok';
    return [
      {
        ...base,
        state,
        found: `${place.dir}: ${describePlace(place)}`,
        hint: place.memory ? 'Files there take memory and are sent again after each restart. Make room on a disk.' : '',
      },
    ];
  }
  const found = places.map((each) => `${each.dir}: ${describePlace(each)}`).join('; ');
  return [
    {
      ...base,
      state: 'fail',
      found,
      hint: 'Sonde needs one directory that may be written and executed from, such as /var/lib.',
    },
  ];
}

function memoryCheck({ memoryKb, memoryAvailableKb }: DeviceFacts): PreflightCheck {
  const found = `${Math.round(memoryAvailableKb / 1024)} of ${Math.round(memoryKb / 1024)} MB available`;
  const isEnough = memoryAvailableKb >= MEMORY_LIMIT_KB;
  return {
    id: 'memory',
    title: 'Memory',
    state: isEnough ? 'ok' : 'warn',
    found,
    hint: isEnough
      ? ''
      : 'Agent and loader take up to 64 MB. Lower the kernel memory of the probe (map-mb), or free some.',
  };
}

function clockCheck({ clockOffsetMs }: DeviceFacts): PreflightCheck {
  const off = Math.abs(clockOffsetMs);
  const base = { id: 'clock', title: 'Clock' };
  if (off < CLOCK_LIMIT_MS) return { ...base, state: 'ok', found: 'agrees with this computer', hint: '' };
  const found = `${showDuration(off)} ${clockOffsetMs < 0 ? 'behind' : 'ahead of'} this computer`;
  return {
    ...base,
    state: 'warn',
    found,
    hint: 'Measurements are not affected, shown dates are. Start NTP on the device: timedatectl set-ntp true (systemd), ntpd -q -p pool.ntp.org (BusyBox).',
  };
}

function showDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
