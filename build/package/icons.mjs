/** The application's icon in the sizes that desktops ask for, drawn from icon.svg, and the one that its window wears. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Kept with the sources: a window has its icon where no package was made. */
const WINDOW = 256;
const SIZES = [16, 32, 48, 64, 128, 256, 512];

export async function drawIcons(folder) {
  const { Resvg } = await import('@resvg/resvg-js');
  const svg = readFileSync('build/package/icon.svg', 'utf8');
  const draw = (size) => new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
  mkdirSync(path.join(folder, 'linux'), { recursive: true });
  for (const size of SIZES) writeFileSync(path.join(folder, 'linux', `${size}x${size}.png`), draw(size));
  // Windows and macOS make their own formats of this one; macOS wants it twice as large.
  writeFileSync(path.join(folder, 'icon.png'), draw(1024));
  writeFileSync('electron/shell/icon.png', draw(WINDOW));
}
