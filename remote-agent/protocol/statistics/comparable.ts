/** Whether two sides can be compared, and what it means where they cannot quite: in plain words, the same for window and terminal. */

/** What is known of one side. Shares are 0..1. */
export interface SideFacts {
  readonly hostname: string;
  readonly machine: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly onlineCpus: number;
  /** Of the CPU profile: samples per second and CPU that were asked for; null where it was not on. */
  readonly hz: number | null;
  /** Covered by windows of any probe. */
  readonly seconds: number;
  /** Of what was seen, over all probes. */
  readonly lostShare: number;
  readonly incompleteStackShare: number;
  /** Of one CPU: agent, loader and programs in the kernel; null where it was not measured. */
  readonly observerShare: number | null;
  /** Samples of the CPU profile. */
  readonly samples: number;
  /** Build-ids by file name of the module; without those that have none. */
  readonly buildIds: ReadonlyMap<string, ReadonlySet<string>>;
  /** Titles of the probes that have data. */
  readonly probes: readonly string[];
}

export interface ComparisonNote {
  /** wrong: numbers mislead; careful: read with care; hint: good to know. */
  readonly weight: 'wrong' | 'careful' | 'hint';
  readonly what: string;
  readonly means: string;
}

/** More than this, and what was lost may be what changed. */
const LOSS_SHARE = 0.01;
const LOSS_MANY = 0.1;
const RATE_RATIO = 1.05;
const LENGTH_RATIO = 4;
const FEW_SAMPLES = 300;
const OBSERVER_SHARE = 0.02;
const STACK_SHARE = 0.1;
const MODULES_NAMED = 3;

/** The gravest first. */
export function comparisonNotes(before: SideFacts, after: SideFacts): ComparisonNote[] {
  const all = [
    ...machineNotes(before, after),
    ...rateNotes(before, after),
    ...lossNotes(before, after),
    ...buildNotes(before, after),
    ...costNotes(before, after),
    ...probeNotes(before, after),
  ];
  const order = ['wrong', 'careful', 'hint'];
  return all.toSorted((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
}

function machineNotes(a: SideFacts, b: SideFacts): ComparisonNote[] {
  const notes: ComparisonNote[] = [];
  const differ = (name: string, from: string, to: string, weight: ComparisonNote['weight'], means: string) => {
    if (from !== '' && to !== '' && from !== to) notes.push({ weight, what: `${name}: ${from} → ${to}`, means });
  };
  differ('Machine', a.machine, b.machine, 'wrong', 'Different kinds of CPU: shares may be compared, times may not.');
  differ('CPU', a.cpu, b.cpu, 'careful', 'Another CPU model: the same work takes another time.');
  differ('Device', a.hostname, b.hostname, 'hint', 'Two devices: what differs may be the device, not the software.');
  differ('Kernel', a.kernel, b.kernel, 'careful', 'Functions of the kernel may have other names, and other costs.');
  if (a.onlineCpus !== b.onlineCpus && a.onlineCpus > 0 && b.onlineCpus > 0)
    notes.push({
      weight: 'careful',
      what: `CPUs online: ${a.onlineCpus} → ${b.onlineCpus}`,
      means: 'The same load is another share of the device. Compare by time, which is per CPU.',
    });
  return notes;
}

function rateNotes(a: SideFacts, b: SideFacts): ComparisonNote[] {
  const notes: ComparisonNote[] = [];
  if (a.hz !== null && b.hz !== null && ratio(a.hz, b.hz) > RATE_RATIO)
    notes.push({
      weight: 'careful',
      what: `Sampling rate: ${a.hz} Hz → ${b.hz} Hz`,
      means:
        'Counts of samples cannot be compared; shares and times can, because both are made independent of the rate.',
    });
  if (ratio(a.seconds, b.seconds) > LENGTH_RATIO)
    notes.push({
      weight: 'careful',
      what: `Length: ${seconds(a.seconds)} → ${seconds(b.seconds)}`,
      means:
        'The shorter side shows what happened then, the longer one an average. Rare things may be on one side only.',
    });
  const few = [a.samples, b.samples].map((samples) => samples > 0 && samples < FEW_SAMPLES);
  if (few[0] || few[1])
    notes.push({
      weight: 'careful',
      what: `Few samples: ${a.samples} → ${b.samples}`,
      means: 'Only large changes can be told from chance. Record longer, or sample faster.',
    });
  return notes;
}

function lossNotes(a: SideFacts, b: SideFacts): ComparisonNote[] {
  const notes: ComparisonNote[] = [];
  const lost = Math.max(a.lostShare, b.lostShare);
  if (lost > LOSS_SHARE)
    notes.push({
      weight: lost > LOSS_MANY ? 'wrong' : 'careful',
      what: `Lost: ${percent(a.lostShare)} → ${percent(b.lostShare)}`,
      means: 'What was lost is in no number here. What seems to have gone may have been lost.',
    });
  if (Math.abs(a.incompleteStackShare - b.incompleteStackShare) > STACK_SHARE)
    notes.push({
      weight: 'careful',
      what: `Stacks cut short: ${percent(a.incompleteStackShare)} → ${percent(b.incompleteStackShare)}`,
      means: 'A stack without its beginning hangs elsewhere in the picture: trust self more than total.',
    });
  return notes;
}

function buildNotes(a: SideFacts, b: SideFacts): ComparisonNote[] {
  const changed = [...a.buildIds].filter(([file, ids]) => {
    const others = b.buildIds.get(file);
    return others !== undefined && ![...ids].some((id) => others.has(id));
  });
  if (changed.length === 0) return [];
  const named = changed.slice(0, MODULES_NAMED).map(([file]) => file);
  const more = changed.length > MODULES_NAMED ? ` and ${changed.length - MODULES_NAMED} more` : '';
  return [
    {
      weight: 'hint',
      what: `Other builds: ${named.join(', ')}${more}`,
      means:
        'The build-id differs: it is another version. Functions are matched by name; one that was renamed counts as gone and new.',
    },
  ];
}

function costNotes(a: SideFacts, b: SideFacts): ComparisonNote[] {
  if (a.observerShare === null || b.observerShare === null) return [];
  if (Math.abs(a.observerShare - b.observerShare) <= OBSERVER_SHARE) return [];
  return [
    {
      weight: 'careful',
      what: `Cost of observing: ${percent(a.observerShare)} → ${percent(b.observerShare)} of one CPU`,
      means: 'A part of the change in load is Sonde itself.',
    },
  ];
}

function probeNotes(a: SideFacts, b: SideFacts): ComparisonNote[] {
  const lonely = (has: SideFacts, lacks: SideFacts, side: string): ComparisonNote[] => {
    const only = has.probes.filter((probe) => !lacks.probes.includes(probe));
    if (only.length === 0) return [];
    return [
      {
        weight: 'hint',
        what: `Only ${side}: ${only.join(', ')}`,
        means: 'It was not recorded on the other side: that is no change of the device.',
      },
    ];
  };
  return [...lonely(a, b, 'before'), ...lonely(b, a, 'after')];
}

/** ≥ 1; 1 where one of them is not known. */
function ratio(a: number, b: number): number {
  return a > 0 && b > 0 ? Math.max(a / b, b / a) : 1;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function seconds(value: number): string {
  return value < 120 ? `${value.toFixed(value < 10 ? 1 : 0)} s` : `${Math.round(value / 60)} min`;
}
