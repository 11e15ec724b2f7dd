import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machine, useLoader } from './loader.ts';

// The lengths at which padding takes another block, and those around the buffer.
const LENGTHS = [0, 1, 55, 56, 63, 64, 65, 119, 120, 65_535, 65_536, 65_537, 1_000_003];
const sum = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe.skipIf(!machine)('sha256', () => {
  const loader = useLoader();
  test.each(LENGTHS)('of %i bytes', async (size) => {
    const data = randomBytes(size);
    writeFileSync(loader.path('data'), data);
    const { stdout } = await loader.run(['sha256', 'data']);
    expect(String(stdout)).toBe(`${sum(data)}  data\n`);
  });

  test('where the processor has no instructions for it', () => {
    const source = join(import.meta.dirname, '../../../bpf/loader');
    writeFileSync(
      loader.path('main.c'),
      `#include "sha256_blocks.h"
       #include "verbs.h"
       sha256_add_blocks sha256_hardware(void) { return NULL; }
       int usage(const char *verb) { return *verb; }
       int main(int argc, char **argv) { return run_sha256(argc, argv); }`,
    );
    const cwd = loader.folder();
    execFileSync('gcc', ['-D_GNU_SOURCE', `-I${source}`, 'main.c', join(source, 'sha256.c'), '-o', 'plain'], { cwd });
    const files = LENGTHS.map((size) => {
      const data = randomBytes(size);
      writeFileSync(loader.path(`data-${size}`), data);
      return { name: `data-${size}`, data };
    });
    const names = files.map(({ name }) => name);
    const said = execFileSync('./plain', names, { cwd, encoding: 'utf8' });
    expect(said).toBe(files.map(({ name, data }) => `${sum(data)}  ${name}\n`).join(''));
  });

  test('of what is not there', async () => {
    const { code, stderr } = await loader.run(['sha256', 'nothing']);
    expect(code).toBe(1);
    expect(stderr).toBe('loader: cannot read nothing: No such file or directory\n');
  });
});
