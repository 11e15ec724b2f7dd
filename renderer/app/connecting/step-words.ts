import type { StepId, StepView } from '../../../electron/bridge/contract.ts';

/** What each step does, in words for somebody who has never seen an agent. */
export const STEP_WORDS: Record<StepId, string> = {
  ssh: 'Connect and log in over SSH',
  detect: 'Look at the device: processor, kernel, free space',
  'become-root': 'Become root',
  'upload-loader': 'Send the kernel loader',
  'upload-node': 'Send Node.js, where the device has none',
  'upload-agent': 'Send the agent',
  'start-agent': 'Start the agent',
  'start-probe': 'Start to watch',
};

export const STATE_WORDS: Record<StepView['state'], string> = {
  waiting: 'waiting',
  running: 'in progress',
  done: 'done',
  skipped: 'not needed',
  failed: 'failed',
};
