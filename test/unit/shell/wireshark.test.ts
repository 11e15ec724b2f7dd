import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findWireshark } from '../../../electron/shell/wireshark.ts';

test('the first that may be executed in PATH, never one of a relative folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-path-'));
  try {
    const [plain, program] = ['a', 'b'].map((name) => path.join(folder, name, 'wireshark'));
    for (const file of [plain!, program!]) {
      mkdirSync(path.dirname(file));
      writeFileSync(file, '');
      chmodSync(file, file === program ? 0o755 : 0o644);
    }
    const searched = ['', '.', path.relative(process.cwd(), path.dirname(program!)), path.dirname(plain!)];
    expect(await findWireshark(searched.join(':'), 'linux')).toBeNull();
    expect(await findWireshark([...searched, path.dirname(program!)].join(':'), 'linux')).toBe(program);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
