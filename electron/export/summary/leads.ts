/** Where in the window there is more of what a summary tells: views, their tabs, and what they are asked for. */
import type { Lead } from '../../bridge/contract.ts';
import { CALLS_PROBE } from '../calls/collect-calls.ts';
import { FLOWS_PROBE } from '../flows/flow-sum.ts';
import { PROFILE_PROBE } from '../profile/collect-profile.ts';

export function processLead(pid: number): Lead {
  return { probe: PROFILE_PROBE, tab: 'flame', pid, search: '' };
}

export function functionLead(name: string): Lead {
  return { probe: PROFILE_PROBE, tab: 'flame', pid: null, search: name };
}

export function callLead(tab: 'calls' | 'errors', call: string, pid: number): Lead {
  return { probe: CALLS_PROBE, tab, pid, search: call };
}

/** Calls one by one: the view has its own filters, so only the process is chosen. */
export function eventLead(pid: number): Lead {
  return { probe: CALLS_PROBE, tab: 'events', pid, search: '' };
}

export function allCallsLead(): Lead {
  return { probe: CALLS_PROBE, tab: 'calls', pid: null, search: '' };
}

/** `filter`: in the words of the network view. */
export function flowLead(filter: string, pid: number | null = null): Lead {
  return { probe: FLOWS_PROBE, tab: 'flows', pid, search: filter };
}

export function dnsLead(): Lead {
  return { probe: FLOWS_PROBE, tab: 'dns', pid: null, search: '' };
}

export function dropLead(): Lead {
  return { probe: FLOWS_PROBE, tab: 'drops', pid: null, search: '' };
}
