/** The same picture as the SVG's, still and in light colours, for where no SVG may go. */
import { createRequire } from 'node:module';
import { raise } from '../../../remote-agent/protocol/index.ts';
import type { ProfileExporter } from '../exporters.ts';
import { flameSvg } from './svg.ts';

/** Twice the SVG's: sharp on today's screens and in print. */
const WIDTH = 2400;

export const png: ProfileExporter = {
  of: 'profile',
  format: 'png',
  title: 'Flame graph as a still picture',
  extension: '.png',
  isBinary: true,
  *pieces(profile) {
    const markup = [...flameSvg(profile, false)].join('');
    const { Resvg } = painter();
    const image = new Resvg(markup, {
      fitTo: { mode: 'width', value: WIDTH },
      font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono', monospaceFamily: 'DejaVu Sans Mono' },
    });
    yield image.render().asPng();
  },
};

/** Loaded when it is needed: a native library, which bundles leave outside. */
function painter(): typeof import('@resvg/resvg-js') {
  try {
    return createRequire(import.meta.url)('@resvg/resvg-js') as typeof import('@resvg/resvg-js');
  } catch (error) {
    return raise(
      'bad-option',
      'cannot export as png: this installation has no library that draws it',
      'Export as svg, which every browser opens.',
      error instanceof Error ? error.message : String(error),
    );
  }
}
