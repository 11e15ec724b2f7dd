/**
 * What electron-builder is told. The application is bundled already, so a package holds out/app, out/device and one native
 * library; nothing of node_modules travels but that.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';

export const MAINTAINER = 'The Sonde developers <sonde@localhost>';
/** What debian.mjs lays out. */
export const DEBIAN = 'out/package/debian-usr';
/** Read back by test/e2e/package.test.ts. */
const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
  // Changed bytes need a new signature there, if only one of nobody.
  resetAdHocDarwinSignature: process.platform === 'darwin',
};

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: electron-builder's own placeholders
const NAME = 'sonde-${version}-${arch}.${ext}';
/** Both have zips. */
const NAME_WITH_SYSTEM = 'sonde-${version}-${os}-${arch}.${ext}';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

/** Linux matches the whole ending; Windows and macOS know only what stands after the last dot. */
const recordings = (ext) => ({
  ext,
  name: 'Sonde recording',
  description: 'Recording of an edge device',
  mimeType: 'application/x-sonde-recording',
  role: 'Viewer',
});

/**
 * @param {{ electronDist: string, electronVersion: string, output: string, icons: string }} places
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfig({ electronDist, electronVersion, output, icons }) {
  return {
    appId: 'dev.sonde.Sonde',
    productName: 'Sonde',
    copyright: 'The Sonde developers',
    electronDist,
    electronVersion,
    directories: { output, buildResources: icons },
    files: [
      'package.json',
      'out/app/**',
      'out/cli/**',
      'out/device/**',
      '!out/device/*.map',
      '!**/*.map',
      '!node_modules/**',
    ],
    extraFiles: [
      { from: 'out/package/notices', to: 'notices' },
      { from: 'LICENSE', to: 'LICENSE.txt' },
    ],
    // Native code cannot be loaded out of an archive; beside it the bundle's own require finds it.
    extraResources: [{ from: 'node_modules/@resvg', to: 'node_modules/@resvg' }],
    // A deb is not made without one, and there is none yet: fpm.mjs leaves it out.
    extraMetadata: { homepage: 'about:blank', desktopName: 'sonde.desktop' },
    asar: true,
    npmRebuild: false,
    nodeGypRebuild: false,
    compression: 'normal',
    electronFuses: FUSES,
    publish: null,
    // The stand-in runtime brings an application of its own.
    afterPack: ({ appOutDir }) => rmSync(path.join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
    linux: {
      fileAssociations: [recordings('sonde.mcap')],
      syncDesktopName: true,
      executableName: 'sonde',
      // A path, where the default would be a URL.
      executableArgs: ['%f'],
      category: 'Development',
      maintainer: MAINTAINER,
      extraFiles: [{ from: 'build/package/sonde.sh', to: 'bin/sonde' }],
      synopsis: 'Look inside one Linux edge box over SSH',
      icon: path.join(icons, 'linux'),
      artifactName: NAME,
      desktop: { entry: { Keywords: 'profiler;ebpf;flame graph;ssh;', StartupWMClass: 'sonde' } },
    },
    deb: {
      packageCategory: 'devel',
      priority: 'optional',
      depends: DEB_DEPENDS,
      // What opens a recording by its ending; a desktop has them.
      recommends: ['desktop-file-utils', 'shared-mime-info'],
      afterInstall: 'build/package/debian/postinst.sh',
      afterRemove: 'build/package/debian/postrm.sh',
      fpm: [`${path.resolve(DEBIAN)}/=/usr`],
    },
    win: {
      extraFiles: [{ from: 'build/package/sonde.cmd', to: 'bin/sonde.cmd' }],
      fileAssociations: [recordings('mcap')],
      target: ['nsis', 'zip'],
      icon: path.join(icons, 'icon.png'),
      artifactName: NAME_WITH_SYSTEM,
    },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    mac: {
      // Nowhere else may an application that is signed hold a script.
      extraResources: [{ from: 'build/package/sonde.sh', to: 'bin/sonde' }],
      fileAssociations: [recordings('mcap')],
      target: ['dmg', 'zip'],
      icon: path.join(icons, 'icon.png'),
      artifactName: NAME_WITH_SYSTEM,
      category: 'public.app-category.developer-tools',
    },
  };
}

/** What Electron's executable is linked to and a desktop may lack. */
const DEB_DEPENDS = [
  'libasound2 | libasound2t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libgbm1',
  'libgtk-3-0 | libgtk-3-0t64',
  'libnotify4',
  'libnss3',
  'libsecret-1-0',
  'libuuid1',
  'libxss1',
  'libxtst6',
  'xdg-utils',
];
