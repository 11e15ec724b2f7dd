/** Where a package's WebAssembly lies: copied beside the bundle, or still in node_modules (tests). */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export function findWasm(packageName: string, file: string): string {
  const beside = fileURLToPath(new URL(`./${file}`, import.meta.url));
  if (existsSync(beside)) return beside;
  return createRequire(import.meta.url).resolve(`${packageName}/${file}`);
}
