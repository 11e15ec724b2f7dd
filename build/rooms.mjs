/**
 * Checks who imports whom against the room table of ARCHITECTURE.md. Reads import statements as text: every import in
 * this project is static and names its file with its extension, so text is enough.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const CONTRACT = 'electron/bridge/contract.ts';

/** Room → what it may import besides itself. A path that ends in .ts is one file of a room. */
const ROOMS = {
  'remote-agent/protocol/statistics': [],
  'remote-agent/protocol': [],
  'remote-agent/agent': ['remote-agent/protocol'],
  'electron/ssh': ['remote-agent/protocol', CONTRACT],
  'electron/device': ['electron/ssh', 'remote-agent/protocol', CONTRACT],
  'electron/symbols': ['remote-agent/protocol'],
  'electron/recording': ['remote-agent/protocol'],
  'electron/capture': ['electron/recording', 'electron/ssh', 'remote-agent/protocol'],
  'electron/export': ['electron/recording', 'electron/symbols', 'remote-agent/protocol', CONTRACT],
  'electron/redact': ['electron/bridge/redaction.ts', 'electron/recording', 'remote-agent/protocol'],
  'electron/import': ['electron/recording', 'remote-agent/protocol'],
  'electron/session': [
    'electron/device',
    'electron/recording',
    'electron/ssh',
    'electron/symbols',
    'remote-agent/protocol',
    CONTRACT,
  ],
  'electron/cli': [
    'electron/capture',
    'electron/device',
    'electron/export',
    'electron/import',
    'electron/recording',
    'electron/redact',
    'electron/session',
    'electron/ssh',
    'electron/symbols',
    'electron/bridge/redaction.ts',
    'remote-agent/protocol',
    CONTRACT,
  ],
  'electron/bridge': ['remote-agent/protocol'],
  'electron/shell': ['electron/bridge', 'electron/recording', 'remote-agent/protocol'],
  'renderer/source': ['electron/bridge/window-ports.ts', 'remote-agent/protocol', CONTRACT],
  'renderer/store': ['remote-agent/protocol', 'renderer/source'],
  'renderer/derive': ['remote-agent/protocol', 'renderer/store/model.ts'],
  'renderer/widgets': ['remote-agent/protocol', 'renderer/theme'],
  'renderer/views': [
    'remote-agent/protocol',
    'renderer/derive',
    'renderer/store',
    'renderer/theme',
    'renderer/widgets',
    CONTRACT,
  ],
  'renderer/theme': [],
};

/** Rooms that show only their index.ts to outsiders. */
const CLOSED = Object.keys(ROOMS).filter((room) => /^(electron\/(?!bridge|shell|cli)|remote-agent\/agent)/.test(room));

/** Packages that belong to some files only. */
const PACKAGES = [
  { name: /^ssh2(\/|$)/, where: /^(electron\/ssh|test)\// },
  { name: /^electron(\/|$)/, where: /^(electron\/(main\.ts|host\.ts|shell\/|bridge\/)|test\/|build\/)/ },
  { name: /^@(mcap|foxglove)\//, where: /^(electron\/recording|test)\// },
  { name: /^node:/, where: /^(?!renderer\/|remote-agent\/protocol\/)/ },
  { name: /^(react|recharts|zustand)(-dom)?(\/|$)/, where: /^(renderer|test)\// },
];

const IMPORT = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]/gm;

/** @returns {Generator<string>} source files below `folder`, relative to the project */
function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'generated') yield* sources(file);
    } else if (/\.tsx?$/.test(entry.name)) yield file;
  }
}

const inside = (file, place) => file === place || file.startsWith(`${place}/`);
const roomOf = (file) => Object.keys(ROOMS).find((room) => inside(file, room)) ?? null;
/** A view is a room of its own: it never imports another view. */
const viewOf = (file) => /^renderer\/views\/([^/]+)\//.exec(file)?.[1] ?? null;

/** @returns {string | null} why `from` may not import `to` */
function breach(from, to) {
  const here = roomOf(from);
  const there = roomOf(to);
  if (here && here === there) {
    return viewOf(from) && viewOf(to) && viewOf(from) !== viewOf(to) ? 'a view never imports another view' : null;
  }
  if (here && !ROOMS[here].some((allowed) => inside(to, allowed))) return `${here} may not import ${there ?? to}`;
  if (there && CLOSED.includes(there) && to !== `${there}/index.ts`)
    return `outsiders import ${there} through its index.ts`;
  return null;
}

/** @returns {string[]} one line per breach */
export function checkRooms() {
  const lines = [];
  for (const file of ['electron', 'renderer', 'remote-agent'].flatMap((top) => [...sources(top)])) {
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (target.startsWith('.')) {
        const why = breach(file, path.posix.join(path.posix.dirname(file), target));
        if (why) lines.push(`${file}: imports ${target}: ${why}`);
        continue;
      }
      for (const { name, where } of PACKAGES)
        if (name.test(target) && !where.test(file))
          lines.push(`${file}: imports ${target}, which does not belong here`);
    }
  }
  return lines;
}

if (process.argv[1] === import.meta.filename) {
  const lines = checkRooms();
  for (const line of lines) console.error(line);
  process.exitCode = lines.length ? 1 : 0;
}
