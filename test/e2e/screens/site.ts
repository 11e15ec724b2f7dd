import { build } from 'esbuild';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.map': 'application/json',
};

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Bundles the screens with the real index.html and serves them under the application's own content policy. */
export async function serveScreens(folder: string, contentSecurityPolicy: string): Promise<Site> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: { main: 'test/e2e/screens/page.tsx' },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'chrome130',
    jsx: 'automatic',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  await copyFile('renderer/index.html', path.join(folder, 'index.html'));
  const server = createServer((request, response) => {
    const name = path.basename(new URL(request.url ?? '/', 'http://local').pathname) || 'index.html';
    response.setHeader('content-type', `${TYPES[path.extname(name)] ?? 'text/plain'}; charset=utf-8`);
    response.setHeader('content-security-policy', contentSecurityPolicy);
    createReadStream(path.join(folder, name))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
