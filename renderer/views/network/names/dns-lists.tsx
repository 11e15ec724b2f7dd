import { useMemo, useState } from 'react';
import type { DnsGroup, DnsLine } from '../../../derive/flows/dns/index.ts';
import { processOf } from '../../../derive/index.ts';
import type { Tables } from '../../../store/index.ts';
import { formatCount, formatDeviceInstant, formatNs } from '../../../widgets/format.ts';
import { Grid } from '../../../widgets/grid.tsx';
import {
  answerText,
  DNS_COLUMNS,
  type DnsColumn,
  type DnsSorting,
  FIRST_DNS_SORTING,
  FIRST_GROUP_SORTING,
  groupColumns,
  type GroupColumn,
  type GroupSorting,
  latencyText,
  outcomeHelp,
  outcomeText,
  ownerOf,
  questionType,
  sortDnsGroups,
  sortLines,
} from './dns-columns.ts';

export interface DnsListProps {
  readonly lines: readonly DnsLine[];
  readonly tables: Tables;
  readonly live: boolean;
  readonly wallOffsetMs: number | null;
  readonly onProcess: (process: number) => void;
  readonly copyText: (text: string) => void;
}

const nothing = () => undefined;

/** Queries in the order in which they were asked, each with its answer. */
export function DnsList({ lines, tables, live, wallOffsetMs, onProcess, copyText }: DnsListProps) {
  const [sorting, setSorting] = useState<DnsSorting>(FIRST_DNS_SORTING);
  const [picked, setPicked] = useState<number | null>(null);
  const [isFollowing, setFollowing] = useState(true);
  const sorted = useMemo(() => sortLines(lines, sorting), [lines, sorting]);
  const byId = useMemo(() => new Map(lines.map((line) => [line.id, line])), [lines]);
  const ids = useMemo(() => sorted.map(({ id }) => id), [sorted]);
  const canFollow = live && sorting.column === 'time' && sorting.direction === 'ascending';
  return (
    <Grid
      label="DNS queries"
      name="dns"
      columns={DNS_COLUMNS}
      sorting={sorting}
      onSort={(column: DnsColumn) => setSorting(turned(sorting, column, column === 'time'))}
      ids={ids}
      active={picked}
      onActive={(id) => {
        setPicked(id);
        setFollowing(false);
      }}
      onHold={nothing}
      onKey={(event, id) => {
        const line = id === null ? undefined : byId.get(id);
        if (!line || event.ctrlKey || event.altKey || event.metaKey) return;
        const process = processOf(tables, line.exchange.thread);
        if (event.key === 'c') copyText(lineText(line, tables));
        else if (event.key === 'p' && process !== 0) onProcess(process);
      }}
      follow={canFollow ? { isOn: isFollowing, onChange: setFollowing } : undefined}
      renderCells={(id) => {
        const line = byId.get(id);
        return line ? <LineCells {...{ line, tables, wallOffsetMs }} /> : null;
      }}
    />
  );
}

interface LineCellsProps {
  readonly line: DnsLine;
  readonly tables: Tables;
  readonly wallOffsetMs: number | null;
}

function LineCells({ line, tables, wallOffsetMs }: LineCellsProps) {
  const { exchange, outcome } = line;
  const owner = ownerOf(line, tables);
  const answer = answerText(line);
  const server = exchange.isServed ? 'this box' : (tables.flows.get(exchange.flow)?.remoteAddress ?? '');
  const isTrouble = outcome === 'failed' || outcome === 'unanswered';
  return (
    <>
      <div role="gridcell" className="grid-text grid-dim">
        {formatDeviceInstant(exchange.askedNs, wallOffsetMs)}
      </div>
      <div role="gridcell" className="flows-process grid-text" title={owner}>
        {owner}
      </div>
      <div role="gridcell" className="grid-text" title={exchange.question.name}>
        {exchange.question.name}
      </div>
      <div role="gridcell" className="grid-text grid-dim">
        {questionType(line)}
      </div>
      <div role="gridcell" className={isTrouble ? 'grid-text flows-failed' : 'grid-text'} title={outcomeHelp(line)}>
        {outcomeText(line)}
      </div>
      <div role="gridcell" className="grid-text" title={answer}>
        {answer}
      </div>
      <div role="gridcell" className="grid-number">
        {latencyText(line)}
      </div>
      <div role="gridcell" className="grid-text grid-dim" title={server}>
        {server}
      </div>
    </>
  );
}

function lineText(line: DnsLine, tables: Tables): string {
  const { question } = line.exchange;
  return [question.name, questionType(line), outcomeText(line), answerText(line), ownerOf(line, tables)]
    .join(' ')
    .trim();
}

export interface DnsGroupListProps {
  readonly groups: readonly DnsGroup[];
  readonly title: string;
  /** Shows the queries of a group. */
  readonly onOpen: (text: string) => void;
}

/** Queries that have a name or a process in common. */
export function DnsGroupList({ groups, title, onOpen }: DnsGroupListProps) {
  const [sorting, setSorting] = useState<GroupSorting>(FIRST_GROUP_SORTING);
  const [picked, setPicked] = useState<number | null>(null);
  const sorted = useMemo(() => sortDnsGroups(groups, sorting), [groups, sorting]);
  const byId = useMemo(() => new Map(groups.map((group) => [group.id, group])), [groups]);
  const ids = useMemo(() => sorted.map(({ id }) => id), [sorted]);
  const columns = useMemo(() => groupColumns(title), [title]);
  const open = (id: number | null) => {
    const group = id === null ? undefined : byId.get(id);
    if (group) onOpen(group.text);
  };
  return (
    <Grid
      label={`DNS queries by ${title.toLowerCase()}`}
      name="dns-groups"
      columns={columns}
      sorting={sorting}
      onSort={(column: GroupColumn) => setSorting(turned(sorting, column, column === 'text'))}
      ids={ids}
      active={picked}
      onActive={setPicked}
      onHold={nothing}
      onOpen={open}
      onKey={(event, id) => event.key === 'Enter' && open(id)}
      renderCells={(id) => {
        const group = byId.get(id);
        return group ? <GroupCells group={group} /> : null;
      }}
    />
  );
}

function GroupCells({ group }: { readonly group: DnsGroup }) {
  const number = (value: number, isTrouble = false) => (
    <div role="gridcell" className={isTrouble && value > 0 ? 'grid-number flows-failed' : 'grid-number'}>
      {formatCount(value)}
    </div>
  );
  return (
    <>
      <div role="gridcell" className="flows-process grid-text" title={group.text}>
        {group.text}
      </div>
      {number(group.queries)}
      {number(group.answered)}
      {number(group.failed, true)}
      {number(group.unanswered, true)}
      <div role="gridcell" className="grid-number">
        {Number.isNaN(group.p50Ns) ? '–' : formatNs(group.p50Ns)}
      </div>
      <div role="gridcell" className="grid-number">
        {Number.isNaN(group.longestNs) ? '–' : formatNs(group.longestNs)}
      </div>
    </>
  );
}

/** A second press turns the order around. */
function turned<Column extends string>(
  now: { readonly column: Column; readonly direction: 'ascending' | 'descending' },
  column: Column,
  beginsUpwards: boolean,
) {
  const first = beginsUpwards ? ('ascending' as const) : ('descending' as const);
  const other = beginsUpwards ? ('descending' as const) : ('ascending' as const);
  return { column, direction: now.column === column && now.direction === first ? other : first };
}
