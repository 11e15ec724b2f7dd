// Which screens are looked at, and what is done on them first.
import type { Acts } from './act.ts';
import { AXIS } from './axis.ts';
import { CALLS } from './calls.ts';
import { COMPARE } from './compare.ts';
import { EVENTS } from './events.ts';
import { LIBRARY } from './library.ts';
import { LIVE } from './live.ts';
import { NETWORK } from './network.ts';
import { RECORDER } from './recorder.ts';
import { RECORDINGS } from './recordings.ts';
import { START } from './start.ts';

export const ACTS: Acts = {
  ...START,
  ...LIBRARY,
  ...LIVE,
  ...AXIS,
  ...CALLS,
  ...EVENTS,
  ...NETWORK,
  ...RECORDER,
  ...COMPARE,
  ...RECORDINGS,
};
