/**
 * Takes: the windows of a probe of calls, and the shared selection.
 * Gives: the system-call workspace: table, latency histogram, heat map over time, errors, behind one filter row.
 * Never: talks to a source, keeps windows, or starts and stops a probe.
 */
export { CallsWorkspace } from './calls-workspace.tsx';
export type { CallsWorkspaceProps } from './calls-workspace.tsx';
