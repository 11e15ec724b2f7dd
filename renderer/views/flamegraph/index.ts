/**
 * Takes: a store snapshot and the shared selection.
 * Gives: the CPU profile workspace: flame graph, functions and sandwich behind one filter row.
 * Never: talks to a source, keeps samples, or chooses the time range by itself.
 */
export type { FlameWorkspaceProps } from './props.ts';
export { FlameWorkspace } from '../profile-workspace.tsx';
