import { expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY, fileFor } from '../../../electron/shell/app-files.ts';

const FOLDER = '/opt/sonde/renderer';

test.each([
  ['sonde://app/', '/opt/sonde/renderer/index.html'],
  ['sonde://app/index.html', '/opt/sonde/renderer/index.html'],
  ['sonde://app/main.js?v=1#top', '/opt/sonde/renderer/main.js'],
  ['sonde://app/fonts/a%20b.woff2', '/opt/sonde/renderer/fonts/a b.woff2'],
])('%s is %s', (url, file) => expect(fileFor('GET', url, FOLDER)).toBe(file));

test.each([
  'sonde://app/../main.js',
  'sonde://app/%2e%2e/main.js',
  'sonde://app/..%2fmain.js',
  'sonde://app/%2e%2e%2f%2e%2e%2fetc%2fpasswd.html',
  'sonde://app/x%00.html',
  'sonde://app/..%5cmain.js',
  'sonde://app/%zz.html',
  'sonde://app/main',
  'sonde://app/main.ts',
  'sonde://elsewhere/index.html',
])('%s is nothing', (url) => {
  const file = fileFor('GET', url, FOLDER);
  expect(file === null || file.startsWith(`${FOLDER}/`)).toBe(true);
  expect(file === null || !file.includes('..')).toBe(true);
});

test('only GET is answered', () => expect(fileFor('POST', 'sonde://app/index.html', FOLDER)).toBeNull());

test('the policy allows nothing but our own files', () => {
  expect(CONTENT_SECURITY_POLICY).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:/);
});
