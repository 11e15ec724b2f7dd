/** The value in force of a theme's colour, as #rrggbb. */
export type ThemeColour = (name: `--${string}`) => string;

const FALLBACK = '#808080';

/** Reads the theme in force at `element`. Any CSS colour will do: a canvas turns it into what it is on the screen. */
export function themeColours(element: Element): ThemeColour {
  const style = getComputedStyle(element);
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  return (name) => {
    const value = style.getPropertyValue(name).trim();
    if (/^#[0-9a-f]{6}$/i.test(value)) return value;
    return context && value ? onScreen(context, value) : FALLBACK;
  };
}

function onScreen(context: CanvasRenderingContext2D, colour: string): string {
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, '0')}`;
}

/** Calls back when the theme may have changed: the system's, or a class or attribute of the page. Returns its closer. */
export function onThemeChange(callback: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const page = new MutationObserver(callback);
  system.addEventListener('change', callback);
  page.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'data-theme', 'style'] });
  return () => {
    system.removeEventListener('change', callback);
    page.disconnect();
  };
}
