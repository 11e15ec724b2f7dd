// Scripts that travel inside exported files, as text: `import script from 'page:flame-svg'`.
//   takes: sources of pages;  gives: a plugin for esbuild and one for vitest;  never: files in out/.
import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const PREFIX = 'page:';

/** Name → what it is bundled from. */
const SOURCES = {
  'flame-svg': 'electron/export/flame/page/flame-svg.ts',
  report: 'electron/export/report/page/main.ts',
  'report-style': 'electron/export/report/page/report.css',
};

/** One file, minified, for whatever browser opens it. */
async function pageText(name) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [SOURCES[name]],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    format: 'iife',
    legalComments: 'none',
    charset: 'ascii',
  });
  const text = outputFiles[0].text.trim();
  // It stands inside <script>, <style> or CDATA, which end at these wherever they stand.
  const end = /<\/(?:script|style)|<!--|\]\]>/i.exec(text);
  if (end) throw new Error(`${SOURCES[name]} holds ${end[0]}, which ends the place it is put into`);
  return text;
}

/** For esbuild. */
export const PAGES = {
  name: 'pages',
  setup(bundler) {
    bundler.onResolve({ filter: /^page:/ }, ({ path: id }) => ({ path: id.slice(PREFIX.length), namespace: 'page' }));
    bundler.onLoad({ filter: /.*/, namespace: 'page' }, async ({ path: name }) => ({
      contents: await pageText(name),
      loader: 'text',
    }));
  },
};

/** For vitest. */
export const PAGES_IN_TESTS = {
  name: 'pages',
  enforce: 'pre',
  resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
  load: async (id) =>
    id.startsWith(`\0${PREFIX}`)
      ? `export default ${JSON.stringify(await pageText(id.slice(PREFIX.length + 1)))}`
      : null,
};
