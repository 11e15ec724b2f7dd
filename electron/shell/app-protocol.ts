/** sonde://app/… serves the built page and nothing else, with a policy that allows no other origin, no inline code, no eval. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { APP_SCHEME } from '../bridge/index.ts';
import { fileFor, headersFor } from './app-files.ts';

export { CONTENT_SECURITY_POLICY } from './app-files.ts';

/** Must run before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function serveApp(folder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = fileFor(request.method, request.url, folder);
    const body = file === null ? null : await readFile(file).catch(() => null);
    if (file === null || body === null) return new Response('not found', { status: 404, headers: headersFor('.txt') });
    return new Response(body, { headers: headersFor(path.extname(file)) });
  });
}
