/**
 * Takes: a snapshot, the windows of the probes of flows, DNS and drops, and what is selected.
 * Gives: table, map, throughput, connections, names and drops of one selection.
 * Never: adds up (derive/flows), asks anybody for a name, or knows live from replay.
 */
export { NetworkWorkspace, type NetworkWorkspaceProps } from './network-workspace.tsx';
export type { PacketDesk } from './capture/packet-desk.ts';
