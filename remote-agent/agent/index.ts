// Takes: a run directory, a loader, and one client at a time on a unix socket.
// Gives: numbered records of what the probes saw on this device, with names, exactly once.
// Never: listens on the network, downloads, writes outside its run directory, outlives its lease or its plan.
export { Agent, type AgentOptions } from './agent.ts';
export { parseCommand } from './args.ts';
