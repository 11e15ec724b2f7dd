import { useMemo } from 'react';
import { type CompareSide, type Resources, resourcesOf, sideFacts } from '../../derive/compare/index.ts';
import { formatBytes, formatDuration, formatShare } from '../../widgets/format.ts';
import './device-diff.css';

interface Fact {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const known = <T,>(value: T | null, text: (value: T) => string) => (value === null ? 'not measured' : text(value));

/** The device as a whole, side by side. */
export function DeviceDiff({ before, after }: { readonly before: CompareSide; readonly after: CompareSide }) {
  const facts = useMemo(() => factsOf(before, after), [before, after]);
  return (
    <div className="compare-device">
      <table>
        <caption className="visually-hidden">The device before and after</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.name} data-differs={fact.before !== fact.after}>
              <th scope="row">{fact.name}</th>
              <td>{fact.before}</td>
              <td>{fact.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function factsOf(before: CompareSide, after: CompareSide): readonly Fact[] {
  const [a, b] = [resourcesOf(before), resourcesOf(after)];
  const [was, is] = [sideFacts(before, null), sideFacts(after, null)];
  const resource = (name: string, of: (from: Resources) => string): Fact => ({ name, before: of(a), after: of(b) });
  const fact = (name: string, of: (from: typeof was) => string): Fact => ({ name, before: of(was), after: of(is) });
  return [
    resource('CPUs busy', ({ cpuBusy }) => known(cpuBusy, formatShare)),
    resource('Memory available, mean', ({ meanMemoryAvailableBytes }) => known(meanMemoryAvailableBytes, formatBytes)),
    resource('Memory available, least', ({ leastMemoryAvailableBytes }) =>
      known(leastMemoryAvailableBytes, formatBytes),
    ),
    resource('Sonde itself', ({ observer }) => known(observer, (share) => `${formatShare(share)} of one CPU`)),
    fact('Lost', ({ lostShare }) => formatShare(lostShare)),
    fact('Covered', ({ seconds }) => formatDuration(seconds)),
    fact('Device', ({ hostname }) => hostname),
    fact('Kernel', ({ kernel }) => kernel),
    fact('Processor', ({ cpu }) => cpu || 'not known'),
    fact('Machine', ({ machine }) => machine),
    fact('CPUs online', ({ onlineCpus }) => String(onlineCpus)),
    fact('Probes', ({ probes }) => probes.join(', ')),
  ];
}
