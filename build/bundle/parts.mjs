// What is bundled from what, for which runtime. One literal per part.
import { LEAN_PROTOBUF } from './lean-protobuf.mjs';
import { PAGES } from './pages.mjs';
import { PURE_ROOMS } from './pure-rooms.mjs';

/** ESM has no require, __filename or __dirname; packages that were written for CommonJS (ssh2, wasm loaders) ask for them. */
const COMMONJS_GLOBALS = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  "import { dirname as __dirnameOf } from 'node:path';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __dirnameOf(__filename);',
].join('\n');

/** ssh2's optional natives do not load in Electron; it falls back to JavaScript when they are missing. */
const NATIVES = ['cpu-features', '*.node', '*.wasm'];

/** Loaded from beside the bundle at run time. */
const WASM = [
  'node_modules/@foxglove/wasm-zstd/dist/wasm-zstd.wasm',
  'node_modules/@foxglove/wasm-lz4/dist/wasm-lz4.wasm',
  'node_modules/gecko-profiler-demangle/index_bg.wasm',
];

const NODE = { platform: 'node', target: 'node20', format: 'esm', banner: { js: COMMONJS_GLOBALS } };

export const PARTS = [
  {
    name: 'main',
    entry: 'electron/main.ts',
    output: 'out/app/main.js',
    copies: ['electron/shell/sample.sonde.mcap', 'electron/shell/icon.png'],
    options: {
      platform: 'node',
      target: 'node20',
      format: 'esm',
      external: ['electron', ...NATIVES],
      plugins: [PURE_ROOMS],
    },
  },
  {
    name: 'preload',
    entry: 'electron/bridge/preload.ts',
    output: 'out/app/preload.cjs',
    // Sandboxed preloads are CommonJS and may require nothing but electron.
    options: { platform: 'node', target: 'chrome130', format: 'cjs', external: ['electron'] },
  },
  {
    name: 'host',
    entry: 'electron/host.ts',
    output: 'out/app/host.js',
    copies: WASM,
    options: { ...NODE, external: ['electron', ...NATIVES], plugins: [PAGES] },
  },
  {
    name: 'renderer',
    entry: 'renderer/main.tsx',
    output: 'out/app/renderer/main.js',
    copies: ['renderer/index.html'],
    options: {
      platform: 'browser',
      target: 'chrome130',
      format: 'esm',
      jsx: 'automatic',
      loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
      assetNames: '[name]-[hash]',
    },
  },
  {
    name: 'cli',
    entry: 'electron/cli/main.ts',
    output: 'out/cli/sonde.mjs',
    copies: WASM,
    executable: true,
    options: {
      ...NODE,
      banner: { js: `#!/usr/bin/env node\n${COMMONJS_GLOBALS}` },
      external: NATIVES,
      plugins: [PAGES],
    },
  },
  {
    name: 'agent',
    entry: 'remote-agent/agent/main.ts',
    output: 'out/device/agent.cjs',
    packed: 'out/device/agent',
    options: { platform: 'node', target: 'node18', format: 'cjs', plugins: [LEAN_PROTOBUF] },
  },
];
