/**
 * Bill of materials (CycloneDX) of one package: what npm says of the libraries, and what npm does not know: Electron, the
 * device's Node and the C libraries in the loader.
 */
import { execFileSync } from 'node:child_process';

/** npm's own list of everything that is not for development only. */
export function npmBill() {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
    // npm is a script of cmd.exe there.
    shell: process.platform === 'win32',
  });
  return JSON.parse(text);
}

/** @param {readonly { name: string, version: string, licence: string, purl: string }[]} others */
export function wholeBill(npm, others) {
  const root = npm.metadata.component['bom-ref'];
  const added = others.map(({ name, version, licence, purl }) => ({
    'bom-ref': `${name}@${version}`,
    type: 'library',
    name,
    version,
    scope: 'required',
    purl,
    licenses: [{ expression: licence }],
  }));
  return {
    ...npm,
    metadata: { ...npm.metadata, component: { ...npm.metadata.component, type: 'application', name: 'sonde' } },
    components: [...npm.components, ...added],
    dependencies: npm.dependencies.map((entry) =>
      entry.ref === root
        ? { ...entry, dependsOn: [...entry.dependsOn, ...added.map((each) => each['bom-ref'])] }
        : entry,
    ),
  };
}
