// Wires the window: bridge → controller → screens. Nothing else is decided here.
import { createRoot } from 'react-dom/client';
import type { SondeBridge } from '../electron/bridge/contract.ts';
import { onSessionPort } from '../electron/bridge/window-ports.ts';
import { App } from './app/app.tsx';
import { Controller } from './app/controller.ts';
import type { Desk } from './app/desk.ts';
import { PortSource } from './source/index.ts';
import { browserFrameClock } from './store/index.ts';
import './theme/index.css';

declare global {
  interface Window {
    /** Put there by preload. */
    readonly sonde: SondeBridge;
    /** Development builds only: the controller, to be looked at from the console. */
    workstation?: Controller;
  }
}

const desk: Desk = {
  bridge: window.sonde,
  onSource: (listener) => onSessionPort((sessionId, port) => listener(sessionId, new PortSource(port))),
};

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no #root');

const controller = new Controller(desk, browserFrameClock());
if (process.env.NODE_ENV !== 'production') window.workstation = controller;
createRoot(place).render(<App controller={controller} />);
void controller.start();
