// Every state of the window that has a look of its own, by name.
import type { States } from '../stage.ts';
import { COMPARES } from './compare.ts';
import { ENDINGS } from './endings.ts';
import { LIBRARY } from './library.ts';
import { LIVES } from './live.ts';
import { RECORDINGS } from './recordings.ts';
import { START } from './start.ts';

export const STATES: States = { ...START, ...LIBRARY, ...LIVES, ...ENDINGS, ...RECORDINGS, ...COMPARES };
