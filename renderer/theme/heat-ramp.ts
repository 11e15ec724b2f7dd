import { mix } from './colour.ts';
import type { ThemeColour } from './theme-reader.ts';

/** Shades of the ramp: more than can be told apart side by side. */
export const HEAT_SHADES = 24;
const STOPS = ['--heat-1', '--heat-2', '--heat-3', '--heat-4', '--heat-5'] as const;

/** From few to many. */
export function heatRamp(colour: ThemeColour): readonly string[] {
  const stops = STOPS.map(colour);
  return Array.from({ length: HEAT_SHADES }, (_, shade) => {
    const at = (shade / (HEAT_SHADES - 1)) * (stops.length - 1);
    const stop = Math.min(stops.length - 2, Math.floor(at));
    return mix(stops[stop]!, stops[stop + 1]!, at - stop);
  });
}
