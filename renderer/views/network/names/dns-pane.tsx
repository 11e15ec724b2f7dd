import { useMemo, useState } from 'react';
import { type DnsLine, dnsGroups, dnsLines, type DnsSeenSoFar } from '../../../derive/flows/dns/index.ts';
import { coverageOf } from '../../../derive/index.ts';
import { type RangeNs, type Selection, type Tables, windowsWithin } from '../../../store/index.ts';
import { EmptyNote } from '../../../widgets/empty-note.tsx';
import { formatCount, formatDuration, formatShare } from '../../../widgets/format.ts';
import { useRemembered } from '../../../widgets/remembered.ts';
import { Segmented } from '../../../widgets/segmented.tsx';
import type { EventsDesk } from '../../events-desk.ts';
import { ProbeOffer, ProbeSwitch } from '../probe-offer.tsx';
import { DnsGroupList, DnsList } from './dns-lists.tsx';
import { answerText, ownerOf } from './dns-columns.ts';
import './names.css';

export interface DnsPaneProps {
  readonly desk: EventsDesk;
  readonly seen: DnsSeenSoFar;
  readonly tables: Tables;
  readonly range: RangeNs;
  readonly selection: Selection;
  readonly live: boolean;
  readonly wallOffsetMs: number | null;
  readonly onProcess: (process: number) => void;
  readonly copyText: (text: string) => void;
}

const LOOKS = [
  { value: 'each', text: 'Each query' },
  { value: 'name', text: 'By name' },
  { value: 'process', text: 'By process' },
] as const;
type Look = (typeof LOOKS)[number]['value'];

/** What was asked, who asked it, what came back and how fast. */
export function DnsPane(props: DnsPaneProps) {
  const { desk, seen, tables, range, selection } = props;
  const [look, setLook] = useRemembered<Look>('network.dns', ['each', 'name', 'process'], 'each');
  const [search, setSearch] = useState('');
  const [ids] = useState(() => ({ name: new Map<string, number>(), process: new Map<string, number>() }));
  const { process, container, range: selected } = selection;
  const all = useMemo(
    () => askedWithin(dnsLines(seen, tables, range, { process, container }), selected),
    [seen, tables, range, selected, process, container],
  );
  const lines = useMemo(() => searched(all, search, tables), [all, search, tables]);
  const groups = useMemo(() => {
    if (look === 'each') return [];
    const textOf = look === 'name' ? nameOf : (line: DnsLine) => ownerOf(line, tables);
    return dnsGroups(lines, ids[look], textOf);
  }, [lines, look, ids, tables]);
  if (desk.windows.windowCount === 0) return <ProbeOffer desk={desk} />;
  return (
    <div className="dns-pane">
      <div className="net-bar">
        <Segmented label="Queries" options={LOOKS} value={look} onChange={setLook} />
        <input
          type="search"
          aria-label="Search names, processes and answers"
          placeholder="Search"
          spellCheck={false}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Summary lines={lines} />
        <Lost desk={desk} range={range} />
        <ProbeSwitch desk={desk} />
      </div>
      {lines.length === 0 ? (
        <EmptyNote title={all.length === 0 ? 'No query in this range.' : 'No query matches the search.'} />
      ) : look === 'each' ? (
        <DnsList {...props} lines={lines} />
      ) : (
        <DnsGroupList
          groups={groups}
          title={look === 'name' ? 'Name' : 'Process'}
          onOpen={(text) => {
            setSearch(text);
            setLook('each');
          }}
        />
      )}
    </div>
  );
}

function nameOf({ exchange }: DnsLine): string {
  return exchange.question.name.toLowerCase();
}

function searched(lines: readonly DnsLine[], search: string, tables: Tables): readonly DnsLine[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return lines;
  return lines.filter((line) =>
    [nameOf(line), ownerOf(line, tables), answerText(line)].some((text) => text.toLowerCase().includes(wanted)),
  );
}

function Summary({ lines }: { readonly lines: readonly DnsLine[] }) {
  const count = (wanted: DnsLine['outcome']) => lines.filter(({ outcome }) => outcome === wanted).length;
  const [failed, unanswered] = [count('failed'), count('unanswered')];
  return (
    <p className="net-coverage">
      {formatCount(lines.length)} {lines.length === 1 ? 'query' : 'queries'}
      {failed > 0 && <span>{formatShare(failed / lines.length)} failed</span>}
      {unanswered > 0 && <span>{formatShare(unanswered / lines.length)} without an answer</span>}
    </p>
  );
}

/** What was asked between several selected ranges is not of them. */
function askedWithin(lines: readonly DnsLine[], selected: Selection['range']): readonly DnsLine[] {
  if (selected.kind !== 'several') return lines;
  return lines.filter(({ exchange: { askedNs } }) =>
    selected.ranges.some(({ fromNs, toNs }) => askedNs >= fromNs && askedNs <= toNs),
  );
}

function Lost({ desk: { windows }, range }: { readonly desk: EventsDesk; readonly range: RangeNs }) {
  const { lost, lostByCause, seconds } = coverageOf(windows, windowsWithin(windows, range));
  if (lost === 0) return null;
  const causes = lostByCause.map(({ cause, count }) => `${cause}: ${count}`).join('\n');
  return (
    <span className="net-lost" title={causes}>
      {formatCount(lost)} messages in {formatDuration(seconds)} were not kept
    </span>
  );
}
