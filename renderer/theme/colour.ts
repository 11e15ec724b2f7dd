/** Colour arithmetic on #rrggbb, as far as a palette needs it. */

export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return { r: value >> 16, g: (value >> 8) & 255, b: value & 255 };
}

export function toHex({ r, g, b }: Rgb): string {
  const byte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
  return `#${((byte(r) << 16) | (byte(g) << 8) | byte(b)).toString(16).padStart(6, '0')}`;
}

/** share 0 = a, 1 = b */
export function mix(a: string, b: string, share: number): string {
  const [from, to] = [parseHex(a), parseHex(b)];
  const at = (channel: keyof Rgb) => from[channel] + (to[channel] - from[channel]) * share;
  return toHex({ r: at('r'), g: at('g'), b: at('b') });
}

/** Turns the hue by some degrees and keeps how light the colour looks: a rotation around the grey axis. */
export function turnHue(hex: string, degrees: number): string {
  const { r, g, b } = parseHex(hex);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const third = (1 - cos) / 3;
  const root = sin / Math.sqrt(3);
  return toHex({
    r: r * (cos + third) + g * (third - root) + b * (third + root),
    g: r * (third + root) + g * (cos + third) + b * (third - root),
    b: r * (third - root) + g * (third + root) + b * (cos + third),
  });
}

/** WCAG 2 contrast of two colours, 1..21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const { r, g, b } = parseHex(hex);
  const linear = (value: number) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
