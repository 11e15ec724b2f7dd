/**
 * Both sides as `difffolded.pl` of the FlameGraph tools writes them and `flamegraph.pl` reads them: a stack and two counts.
 *
 *      nginx;main;loop;read_[k] 42 61
 */
import type { Basis } from '../../../remote-agent/protocol/statistics/index.ts';
import type { CollectedProfile } from '../profile/collect-profile.ts';
import { foldedCounts } from '../profile/folded.ts';

/** `basis`: the first count is scaled to it, as `difffolded.pl -n` does; null = samples as they were counted. */
export function diffFolded(before: CollectedProfile, after: CollectedProfile, basis: Basis | null): string {
  const [was, is] = [foldedCounts(before), foldedCounts(after)];
  const scale = basis && basis.before > 0 ? basis.after / basis.before : 1;
  return [...new Set([...was.keys(), ...is.keys()])]
    .toSorted()
    .map((stack) => `${stack} ${Math.round((was.get(stack) ?? 0) * scale)} ${is.get(stack) ?? 0}\n`)
    .join('');
}
