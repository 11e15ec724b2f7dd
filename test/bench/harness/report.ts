/** Results on the terminal, as one JSON file per bench, and as one page of all of them. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, BenchResult } from './bench.ts';
import { describeMachine } from './machine.ts';
import { tableMarkdown, tableText } from './table.ts';

interface Stored extends BenchResult {
  readonly name: string;
  readonly title: string;
  readonly quick: boolean;
  readonly machine: string;
}

const mark = (met: boolean) => (met ? 'met' : 'MISSED');

function claimsTable({ claims }: BenchResult) {
  const rows = claims.map(({ what, target, measured, met }) => [what, target, measured, mark(met)]);
  return { title: 'Numbers to reach', columns: ['', 'target', 'measured', ''], rows };
}

export function printResult({ title }: Pick<Bench, 'title'>, result: BenchResult): void {
  const parts = [claimsTable(result), ...result.tables].map(tableText);
  console.log(`\n${[title, result.about, ...parts, ...result.notes].join('\n\n')}\n`);
}

export async function writeResult(
  folder: string,
  { name, title }: Bench,
  result: BenchResult,
  quick: boolean,
): Promise<void> {
  const stored: Stored = { name, title, quick, machine: describeMachine(), ...result };
  await mkdir(join(folder, 'results'), { recursive: true });
  await writeFile(join(folder, 'results', `${name}.json`), `${JSON.stringify(stored, null, 2)}\n`);
  await writePage(folder);
}

async function writePage(folder: string): Promise<void> {
  const files = (await readdir(join(folder, 'results'))).filter((file) => file.endsWith('.json')).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, 'results', file), 'utf8')));
  const sections = texts.map((text) => JSON.parse(text) as Stored).map(sectionOf);
  await writeFile(join(folder, 'RESULTS.md'), ['# Benchmark results', INTRODUCTION, ...sections, ''].join('\n\n'));
}

const INTRODUCTION =
  'Written by `npm run bench`; the figures behind the tables are in `results/`. Each claim is measured beside its rival in the same run. A ratio above 1 says that the rival takes more.';

function sectionOf(stored: Stored): string {
  const tables = [claimsTable(stored), ...stored.tables].map(tableMarkdown);
  const kind = stored.quick ? ['A quick run: the figures only show that everything works.'] : [];
  return [`## ${stored.title}`, stored.about, ...kind, ...tables, ...stored.notes, `Machine: ${stored.machine}`].join(
    '\n\n',
  );
}
