// The small application that lets `electron <folder>` start <folder>, packed as an asar archive.

const MAIN = `
import { app } from 'electron/main';
import fs from 'node:fs';
import { Module } from 'node:module';
import path from 'node:path';
import url from 'node:url';
let file = null;
let preloadNext = false;
for (const argument of process.argv.slice(1)) {
  if (preloadNext) { Module._preloadModules([argument]); preloadNext = false; }
  else if (argument === '-v' || argument === '--version') { console.log('v' + process.versions.electron); process.exit(0); }
  else if (argument === '-a' || argument === '--abi') { console.log(process.versions.modules); process.exit(0); }
  else if (argument === '-r' || argument === '--require') preloadNext = true;
  else if (argument[0] !== '-') { file = argument; break; }
}
if (file === null) { console.error('usage: electron [options] <folder or script>'); process.exit(1); }
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
const root = path.resolve(file);
const manifest = path.join(root, 'package.json');
let appPath = null;
if (fs.existsSync(manifest)) {
  const read = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  if (read.version) app.setVersion(read.version);
  if (read.productName || read.name) app.name = read.productName || read.name;
  if (app.setDesktopName) app.setDesktopName(read.desktopName || app.name + '.desktop');
  appPath = root;
}
const main = Module._resolveFilename(root, null, true);
app.setAppPath(appPath || path.dirname(main));
// Awaited at the top level: calls that must come before 'ready' would come too late otherwise.
await import(url.pathToFileURL(main).toString());
`;

export const DEFAULT_APP = {
  'package.json': JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.mjs', type: 'module' }),
  'main.mjs': MAIN,
};

/** Two Chromium pickles (length of the header; the header as JSON), then the files one after the other. */
export function asar(files) {
  const header = { files: {} };
  const bodies = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text);
    header.files[name] = { size: body.length, offset: String(offset) };
    offset += body.length;
    bodies.push(body);
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = (4 - (json.length % 4)) % 4;
  const prefix = Buffer.alloc(16);
  for (const [index, value] of [4, 8 + json.length + padding, 4 + json.length + padding, json.length].entries()) {
    prefix.writeUInt32LE(value, index * 4);
  }
  return Buffer.concat([prefix, json, Buffer.alloc(padding), ...bodies]);
}
