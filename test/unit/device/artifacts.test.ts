import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findArtifacts } from '../../../electron/device/artifacts.ts';
import { faultOf } from '../../../remote-agent/protocol/fault.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sonde-artifacts-'));
  writeFileSync(join(dir, 'loader-x86_64'), 'loader');
  writePacked('agent', 'packed agent', { unpacked: 5, plainSha256: sha256('agent') });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** As the build leaves them. */
function writePacked(name: string, packed: string, facts: object): void {
  writeFileSync(join(dir, `${name}.zst`), packed);
  const known = { sha256: sha256(packed), size: packed.length };
  writeFileSync(join(dir, `${name}.json`), JSON.stringify({ ...known, ...facts }));
}

test('names carry the content, packed files the sum of what travels', async () => {
  writePacked('node-x86_64', 'packed node', { version: '20.1.0', unpacked: 4 });
  const { loader, agent, node } = await findArtifacts(dir, 'x86_64');
  expect(loader).toMatchObject({
    name: `loader-${sha256('loader').slice(0, 12)}`,
    bytes: 6,
    travelBytes: 6,
    sha256: sha256('loader'),
  });
  expect(agent).toMatchObject({
    name: `agent-${sha256('agent').slice(0, 12)}.cjs`,
    bytes: 5,
    plainSha256: sha256('agent'),
    sha256: sha256('packed agent'),
  });
  expect((await agent.read()).toString()).toBe('packed agent');
  expect(node).toMatchObject({
    name: `node-${sha256('packed node').slice(0, 12)}`,
    version: '20.1.0',
    bytes: 4,
    travelBytes: 11,
  });
});

test('an architecture without runtime has none; a missing or damaged file is named', async () => {
  expect((await findArtifacts(dir, 'x86_64')).node).toBe(null);
  const missing = await findArtifacts(dir, 'aarch64').catch((error: unknown) => faultOf(error));
  expect(missing).toMatchObject({ code: 'file-io', message: expect.stringContaining('loader-aarch64') });
  writePacked('node-x86_64', 'cut', { version: '20.1.0', size: 9, unpacked: 4 });
  expect(await findArtifacts(dir, 'x86_64').catch((error: unknown) => faultOf(error))).toMatchObject({
    code: 'file-io',
    message: expect.stringContaining('damaged'),
  });
});
