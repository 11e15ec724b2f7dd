/**
 * AppImage (type 2) of a folder: a small static program, and behind it the folder as squashfs, which the program unpacks
 * into the user's cache once and starts. So no FUSE is needed, which many machines lack.
 * Format: https://github.com/AppImage/AppImageSpec/blob/master/draft.md
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DESKTOP = `[Desktop Entry]
Name=Sonde
Exec=sonde %f
Icon=sonde
Type=Application
Terminal=false
Categories=Development;
Comment=Look inside one Linux edge box over SSH
StartupWMClass=sonde
MimeType=application/x-sonde-recording;
`;
/** Static libraries that libsquashfuse stands on, as Debian names them. */
const LIBRARIES = ['squashfuse', 'z', 'lzma', 'lzo2', 'lz4', 'zstd'];
/** Where the specification has the format's name in the ELF header's padding. */
const MAGIC_AT = 8;
const MAGIC = Buffer.from('AI\x02', 'latin1');

/** @param {{ folder: string, icon: string, scratch: string, file: string }} places `folder`: the unpacked application */
export function makeAppImage({ folder, icon, scratch, file }) {
  const root = path.join(scratch, 'AppDir');
  rmSync(root, { recursive: true, force: true });
  cpSync(folder, root, { recursive: true, verbatimSymlinks: true });
  symlinkSync('bin/sonde', path.join(root, 'AppRun'));
  writeFileSync(path.join(root, 'sonde.desktop'), DESKTOP);
  copyFileSync(icon, path.join(root, 'sonde.png'));
  symlinkSync('sonde.png', path.join(root, '.DirIcon'));
  const image = path.join(scratch, 'app.squashfs');
  rmSync(image, { force: true });
  const packing = ['-root-owned', '-noappend', '-comp', 'zstd', '-Xcompression-level', '9', '-quiet', '-no-progress'];
  execFileSync('mksquashfs', [root, image, ...packing]);
  writeFileSync(file, Buffer.concat([runtime(scratch), readFileSync(image)]));
  chmodSync(file, 0o755);
}

function runtime(scratch) {
  const program = path.join(scratch, 'appimage-runtime');
  execFileSync('cc', [
    '-O2',
    '-static',
    '-s',
    '-Wall',
    '-Werror',
    '-D_FILE_OFFSET_BITS=64',
    '-o',
    program,
    'build/package/appimage-runtime.c',
    ...LIBRARIES.map((name) => `-l${name}`),
  ]);
  const bytes = readFileSync(program);
  MAGIC.copy(bytes, MAGIC_AT);
  return bytes;
}
