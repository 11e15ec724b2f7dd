/** Go's own pprof, which is no package of its own: taken out of Debian's Go, once. */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPrivateApt } from '../../build/private-apt.mjs';
import { artefact } from '../device/box/cache.mjs';
import { removeFolder } from '../remove-folder.ts';

const PACKAGE = 'golang-1.19-go';

/** A program and the words that come before its options. */
export async function goPprof(): Promise<readonly [string, ...string[]]> {
  if (spawnSync('go', ['version']).status === 0) return ['go', 'tool', 'pprof'];
  const debianArch = spawnSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).stdout.trim();
  const folder = await artefact({
    name: `pprof-${debianArch}`,
    recipe: [PACKAGE],
    build: (into) => takePprof(debianArch, into),
    log: () => undefined,
  });
  return [path.join(folder, 'pprof')];
}

async function takePprof(debianArch: string, into: string): Promise<void> {
  const unpacked = await mkdtemp(path.join(tmpdir(), 'sonde-go-'));
  const apt = await openPrivateApt({ debianArch });
  try {
    await apt.unpack([PACKAGE], unpacked);
    const tool = path.join(unpacked, `usr/lib/go-1.19/pkg/tool/linux_${debianArch}/pprof`);
    copyFileSync(tool, path.join(into, 'pprof'));
  } finally {
    await apt.close();
    removeFolder(unpacked);
  }
}
