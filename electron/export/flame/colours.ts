/** Colours of pictures that leave Sonde: those of the window's theme, by kind and shade, light and dark. */
import { FLAME_KINDS, type FlameKind } from './flame-kinds.ts';

export type Scheme = 'light' | 'dark';

const BASE: Readonly<Record<Scheme, Readonly<Record<FlameKind, string>>>> = {
  light: {
    kernel: '#e9a178',
    library: '#93c7b4',
    application: '#f0cf73',
    interpreted: '#b7b1e6',
    unknown: '#c5ccd1',
    process: '#dfe4e7',
  },
  dark: {
    kernel: '#9c5631',
    library: '#2c6a56',
    application: '#86661a',
    interpreted: '#5a52a3',
    unknown: '#4a555d',
    process: '#2a343c',
  },
};

/** Towards white in light and black in dark: away from the text, so that every shade is as readable. */
const SHADES = [0, 0.12, 0.24];

/** "k3s1": the class of a box. A function has one shade everywhere, so that neighbours differ and it is found again. */
export function boxClass(kind: FlameKind, name: string): string {
  return `k${FLAME_KINDS.indexOf(kind)}s${hash(name) % SHADES.length}`;
}

/** ".k3s1{fill:#aabbcc}" for every kind and shade; of boxes that are no SVG it is the `background-color`. */
export function boxRules(scheme: Scheme, property = 'fill'): string {
  const towards = scheme === 'light' ? 255 : 0;
  return FLAME_KINDS.flatMap((kind, k) =>
    SHADES.map((share, s) => `.k${k}s${s}{${property}:${mix(BASE[scheme][kind], towards, share)}}`),
  ).join('');
}

function mix(colour: string, towards: number, share: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `#${parts
    .map((part) =>
      Math.round(part + (towards - part) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** FNV-1a. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) value = Math.imul(value ^ name.charCodeAt(at), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
