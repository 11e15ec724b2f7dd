import { expect, test } from 'vitest';
import { fileResults, filesToRunAgain, together } from '../../../build/vitest-run.mjs';

const file = (path: string, passed: number, failed: number) => ({ path, passed, failed });

test('tests are counted by file, and a file that broke outside its tests has failed', () => {
  const report = {
    testResults: [
      {
        name: '/x/test/unit/a.test.ts',
        status: 'passed',
        assertionResults: [{ status: 'passed' }, { status: 'pending' }],
      },
      {
        name: '/x/test/device/b.test.ts',
        status: 'failed',
        assertionResults: [{ status: 'passed' }, { status: 'failed' }],
      },
      { name: '/x/test/device/c.test.ts', status: 'failed', assertionResults: [] },
    ],
  };
  expect(fileResults(report, '/x')).toEqual([
    file('test/unit/a.test.ts', 1, 0),
    file('test/device/b.test.ts', 1, 1),
    file('test/device/c.test.ts', 0, 1),
  ]);
});

test('a few slow files run again; unit tests, errors outside and many failures do not', () => {
  const passed = file('test/unit/a.test.ts', 3, 0);
  expect(filesToRunAgain([passed])).toEqual([]);
  expect(filesToRunAgain([passed, file('test/e2e/b.test.ts', 1, 2)])).toEqual(['test/e2e/b.test.ts']);
  expect(filesToRunAgain([file('test/unit/a.test.ts', 3, 1), file('test/e2e/b.test.ts', 1, 2)])).toEqual([]);
  expect(filesToRunAgain([file('vitest', 0, 1)])).toEqual([]);
  const many = Array.from({ length: 13 }, (_, n) => file(`test/e2e/${n}.test.ts`, 0, 1));
  expect(filesToRunAgain(many)).toEqual([]);
  expect(filesToRunAgain(many.slice(1))).toHaveLength(12);
});

test('what fails twice has failed, and what passes only then is named', () => {
  const first = [
    file('test/unit/a.test.ts', 3, 0),
    file('test/e2e/b.test.ts', 1, 2),
    file('test/device/c.test.ts', 4, 1),
  ];
  const second = [file('test/e2e/b.test.ts', 3, 0), file('test/device/c.test.ts', 3, 2)];
  expect(together(first, second)).toEqual({ passed: 9, failed: 2, lucky: ['test/e2e/b.test.ts'] });
  expect(together(first, [])).toEqual({ passed: 8, failed: 3, lucky: [] });
  expect(together([first[1] ?? file('', 0, 0)], [file('vitest', 0, 1)])).toMatchObject({ failed: 3 });
});
