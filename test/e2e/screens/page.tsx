// The window with a made-up program behind it: ?screen=NAME shows that state.
import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app/app.tsx';
import { Controller } from '../../../renderer/app/controller.ts';
import { browserFrameClock } from '../../../renderer/store/index.ts';
import '../../../renderer/theme/index.css';
import { FakeDesk } from '../../unit/app/fake-desk.ts';
import { DEVICES, RECORDINGS, SCREENS, type Stage } from './screens.ts';

declare global {
  interface Window {
    /** For tests: what was asked of the program, and what is on screen. */
    stage?: Stage;
  }
}

const drawn = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

// Every screen is seen for the first time.
localStorage.clear();

const name = new URLSearchParams(location.search).get('screen') ?? '';
const show = SCREENS[name];
if (!show) throw new Error(`no screen ${name}`);

const desk = new FakeDesk(name === 'start-first' ? {} : { 'recent-devices': DEVICES, 'recent-recordings': RECORDINGS });
const controller = new Controller(desk, browserFrameClock());
const root = document.getElementById('root');
if (!root) throw new Error('no #root');
createRoot(root).render(<App controller={controller} />);
window.stage = { desk, controller };
await controller.start();
await show(window.stage);
// A key that is pressed before the screen is drawn finds nobody who listens.
await drawn();
await drawn();
document.documentElement.dataset['ready'] = 'yes';
