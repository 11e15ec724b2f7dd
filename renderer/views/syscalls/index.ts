/**
 * Takes: the windows of a probe of calls, and the shared selection.
 * Gives: the system-call workspace: table, latency histogram, heat map over time, errors, single calls
 *        as they happen, behind one filter row.
 * Never: talks to a source or keeps windows; what it wants of a probe it asks through what it is given.
 */
export { CallsWorkspace } from './calls-workspace.tsx';
export type { CallsWorkspaceProps } from './calls-workspace.tsx';
