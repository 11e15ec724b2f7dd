/** Where the window was when it was closed, brought back onto a display that is there now. */
import { screen, type Rectangle } from 'electron';
import { isBoolean, isInteger, isObject } from '../bridge/index.ts';
import { JsonFile } from './json-file.ts';

export const MIN_SIZE = { width: 900, height: 600 } as const;
const DEFAULT_SIZE = { width: 1440, height: 900 } as const;
/** Far beyond any wall of displays, either way. */
const FAR = 100_000;

export interface WindowState {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

const isState = isObject<WindowState>({
  x: isInteger(-FAR, FAR),
  y: isInteger(-FAR, FAR),
  width: isInteger(MIN_SIZE.width, FAR),
  height: isInteger(MIN_SIZE.height, FAR),
  maximized: isBoolean,
});

export function windowStateFile(file: string): JsonFile<WindowState | null> {
  return new JsonFile<WindowState | null>(file, (value): value is WindowState | null => isState(value), null);
}

/** Position is left out where the remembered place is on no display: the system centres then. */
export function placeWindow(state: WindowState | null): Partial<Rectangle> & { width: number; height: number } {
  if (!state) return fit(DEFAULT_SIZE);
  const area = screen.getDisplayMatching(state).workArea;
  const visible =
    state.x < area.x + area.width &&
    state.x + state.width > area.x &&
    state.y >= area.y &&
    state.y < area.y + area.height;
  return visible ? { x: state.x, y: state.y, width: state.width, height: state.height } : fit(state);
}

/** A small laptop still gets the whole window. */
function fit(size: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const area = screen.getPrimaryDisplay().workAreaSize;
  return {
    width: Math.max(MIN_SIZE.width, Math.min(size.width, area.width)),
    height: Math.max(MIN_SIZE.height, Math.min(size.height, area.height)),
  };
}
