// The window with a made-up program behind it: ?screen=NAME shows that state; window.show(NAME) the next one.
import { createRoot, type Root } from 'react-dom/client';
import { App } from '../../../renderer/app/app.tsx';
import { Controller } from '../../../renderer/app/controller.ts';
import { browserFrameClock } from '../../../renderer/store/index.ts';
import '../../../renderer/theme/index.css';
import { FakeDesk } from '../../unit/app/fake-desk.ts';
import { DEVICES, RECORDINGS } from './recents.ts';
import { drawn, settled } from './settled.ts';
import type { Stage } from './stage.ts';
import { STATES } from './states/index.ts';

declare global {
  interface Window {
    /** For tests: what was asked of the program, and what is on screen. */
    stage?: Stage;
    show: typeof show;
    settled: typeof settled;
  }
}

const address = new URLSearchParams(location.search);
/** Where nobody watches how it changes, the store need not pace what it publishes. */
const clock = address.has('hurried')
  ? { ...browserFrameClock(), nowMs: () => performance.now() * 10 }
  : browserFrameClock();
let root: Root | null = null;

/** As if the window had just been opened for the first time: with a program, a controller and a memory of its own. */
async function show(name: string): Promise<void> {
  const enter = STATES[name];
  const place = document.getElementById('root');
  if (!enter || !place) throw new Error(`no state ${name}`);
  root?.unmount();
  window.stage?.controller.close();
  localStorage.clear();
  const isFirst = name === 'start-first';
  const desk = new FakeDesk(isFirst ? {} : { 'recent-devices': DEVICES, 'recent-recordings': RECORDINGS });
  const controller = new Controller(desk, clock);
  root = createRoot(place);
  root.render(<App controller={controller} />);
  window.stage = { desk, controller };
  await controller.start();
  await enter(window.stage);
  // A key that is pressed before the screen is drawn finds nobody who listens.
  await drawn(2);
}

window.show = show;
window.settled = settled;
const first = address.get('screen');
if (first !== null) await show(first);
document.documentElement.dataset['ready'] = 'yes';
