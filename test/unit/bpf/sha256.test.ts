import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('sha256', () => {
  const loader = useLoader();
  // The lengths at which padding takes another block, and those around the buffer.
  test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 65_535, 65_536, 65_537, 1_000_003])('of %i bytes', async (size) => {
    const data = randomBytes(size);
    writeFileSync(loader.path('data'), data);
    const { stdout } = await loader.run(['sha256', 'data']);
    expect(String(stdout)).toBe(`${createHash('sha256').update(data).digest('hex')}  data\n`);
  });

  test('of what is not there', async () => {
    const { code, stderr } = await loader.run(['sha256', 'nothing']);
    expect(code).toBe(1);
    expect(stderr).toBe('loader: cannot read nothing: No such file or directory\n');
  });
});
