// Loaded into the agent beside its own code: what is measured is what it holds, not the garbage of sixty seconds in one.
process.on('SIGUSR2', () => globalThis.gc());
