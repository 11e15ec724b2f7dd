/** The few of each kind that matter most, in words: for people who then look closer. */
import type { TopList, TopRow } from '../../bridge/contract.ts';
import type { TopFlow } from '../flows/flow-summary.ts';
import { callLead, dropLead, eventLead, flowLead, functionLead, processLead } from './leads.ts';
import { bytesText, countText, durationText } from './summary-words.ts';
import type { Summary } from './summary.ts';

/** More is what the views are for. */
const MOST_ROWS = 6;

/** Empty ones are left out. */
export function topLists(summary: Summary): TopList[] {
  return [
    functions(summary),
    processes(summary),
    slowest(summary),
    longest(summary),
    errors(summary),
    largestFlows(summary),
    resentFlows(summary),
    drops(summary),
  ].flatMap((list) => (list.rows.length === 0 ? [] : [{ ...list, rows: list.rows.slice(0, MOST_ROWS) }]));
}

function functions({ hottest }: Summary): TopList {
  return {
    title: 'Hottest functions',
    columns: ['Self', 'Total', 'Function'],
    rows: hottest.map(({ name, module, selfShare, totalShare }) => ({
      cells: [percent(selfShare), percent(totalShare), module === '' ? name : `${name}  ${fileOf(module)}`],
      lead: functionLead(name),
    })),
  };
}

function processes({ processes: all }: Summary): TopList {
  return {
    title: 'Busiest processes',
    columns: ['CPU', 'Process'],
    rows: all.map(({ comm, pid, share }) => ({ cells: [percent(share), who(comm, pid)], lead: processLead(pid) })),
  };
}

/** Of the frequent ones, those that took most time in all. */
function slowest({ calls }: Summary): TopList {
  const rows = (calls?.top ?? []).toSorted((a, b) => b.totalSeconds - a.totalSeconds);
  return {
    title: 'System calls that took most time',
    columns: ['In all', '99 % within', 'Calls', 'Call'],
    rows: rows.map(({ call, comm, pid, count, totalSeconds, p99Ns }) => ({
      cells: [durationText(totalSeconds * 1e9), durationText(p99Ns), countText(count), `${call}  ${who(comm, pid)}`],
      lead: callLead('calls', call, pid),
    })),
  };
}

function longest({ slow }: Summary): TopList {
  return {
    title: 'Longest single calls',
    columns: ['Took', 'Call'],
    rows: (slow?.longest ?? []).map(({ text, comm, pid, durationNs, errno, inProgress }) => ({
      cells: [
        durationText(durationNs),
        `${text}${inProgress ? ' … in progress' : errno && ` → ${errno}`}  ${who(comm, pid)}`,
      ],
      lead: eventLead(pid),
    })),
  };
}

function errors({ calls }: Summary): TopList {
  return {
    title: 'Calls that failed most',
    columns: ['Times', 'Error', 'Call'],
    rows: (calls?.topErrors ?? []).map(({ call, comm, pid, errno, count }) => ({
      cells: [countText(count), errno, `${call}  ${who(comm, pid)}`],
      lead: callLead('errors', call, pid),
    })),
  };
}

function largestFlows({ flows }: Summary): TopList {
  return {
    title: 'Largest network flows',
    columns: ['Sent', 'Received', 'Flow'],
    rows: (flows?.top ?? []).map((flow) => flowRow([bytesText(flow.sentBytes), bytesText(flow.receivedBytes)], flow)),
  };
}

function resentFlows({ flows }: Summary): TopList {
  return {
    title: 'Flows that had to send most again',
    columns: ['Packets', 'Round trip', 'Flow'],
    rows: (flows?.mostRetransmitting ?? []).map((flow) =>
      flowRow([countText(flow.retransmits), durationText(flow.rttNs)], flow),
    ),
  };
}

function drops({ drops: of }: Summary): TopList {
  return {
    title: 'Dropped packets',
    columns: ['Packets', 'Counted by', 'Why'],
    rows: (of?.top ?? []).map(({ place, cause, packets }) => ({
      cells: [countText(packets), place, cause],
      lead: dropLead(),
    })),
  };
}

function flowRow(numbers: readonly string[], { protocol, remote, remoteName, comm, pid, filter }: TopFlow): TopRow {
  const owner = pid === null ? 'unknown process' : who(comm, pid);
  return {
    cells: [...numbers, `${protocol} ${remoteName === '' ? remote : `${remoteName} (${remote})`}  ${owner}`],
    lead: flowLead(filter, pid),
  };
}

function who(comm: string, pid: number): string {
  return `${comm} (${pid})`;
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
