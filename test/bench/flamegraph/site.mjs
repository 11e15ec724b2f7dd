// Serves a folder of files made for this run, under the application's own content policy where a page is ours.
import { build } from 'esbuild';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };

/** Bundles `entry` for the window and returns the files of the page by name. */
export async function bundlePage(entry, folder) {
  await build({
    entryPoints: { main: entry },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'chrome130',
    jsx: 'automatic',
    minify: true,
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
}

/** Bundles a TypeScript module for this process and imports it. */
export async function importTypeScript(entry, folder) {
  const outfile = path.resolve(folder, `${path.basename(entry, '.ts')}.mjs`);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
  return import(outfile);
}

/** `mounts`: first part of the path → folder. */
export async function serve(mounts) {
  const server = createServer((request, response) => {
    const [, mount = '', ...rest] = new URL(request.url ?? '/', 'http://local').pathname.split('/');
    const name = rest.join('/') || 'index.html';
    const root = mounts[mount];
    const file = root ? path.join(root, path.normalize(`/${name}`)) : '';
    response.setHeader('content-type', TYPES[path.extname(name)] ?? 'application/octet-stream');
    response.setHeader('cache-control', 'no-store');
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
