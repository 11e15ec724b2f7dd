/** What sonde://app/… may name, and the headers it comes with. Pure. */
import path from 'node:path';

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** The file below `folder` that a URL names; null for everything else. */
export function fileFor(method: string, url: string, folder: string): string | null {
  const { host, pathname } = new URL(url);
  if (method !== 'GET' || host !== 'app') return null;
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null; // a stray % is no file of ours
  }
  const file = path.resolve(folder, `.${name === '/' ? '/index.html' : name}`);
  const known = Object.hasOwn(TYPES, path.extname(file)) && !name.includes('\0') && !name.includes('\\');
  return known && file.startsWith(folder + path.sep) ? file : null;
}

export function headersFor(extension: string): Record<string, string> {
  return {
    'content-type': TYPES[extension] ?? 'text/plain; charset=utf-8',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  };
}
