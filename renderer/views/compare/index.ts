/**
 * Takes: two sides, each a range of a snapshot that stands still, and what they are called.
 * Gives: what changed between them, as flame graph and tables, with what is to be known before reading it.
 * Never: chooses the sides, opens files, or follows live data.
 */
export { type ComparedSide, CompareWorkspace, type CompareWorkspaceProps } from '../compare-workspace.tsx';
