/** SECURITY.md names a test for each defence. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const CITATION = /`(test\/[^`]+\.test\.ts)`: ((?:“[^”]+”(?:, )?)+)/g;

const cited = [...readFileSync('SECURITY.md', 'utf8').matchAll(CITATION)].flatMap(([, file = '', titles = '']) =>
  [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
);

test('there are such', () => expect(cited.length).toBeGreaterThan(30));

test('each defence names one', () => {
  const rows = readFileSync('SECURITY.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| .+ \| .+ \| .+ \|$/.test(line) && !/ proof \|$| not trusted \|$/.test(line));
  const attacks = rows.filter((line) => !/^\| (workstation|network|device) \|/.test(line));
  expect(attacks.length).toBeGreaterThan(30);
  for (const attack of attacks) expect(attack).toMatch(new RegExp(`${CITATION.source} \\|$`));
});

test.each(cited)('$file: $title', ({ file, title }) => {
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(`'${title}'`);
});
