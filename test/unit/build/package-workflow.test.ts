/** What makes the packages elsewhere, as far as it can be tried here: the builder's own schema, and the workflow's own words. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parse } from '../../../build/package/elsewhere.mjs';
import { builderConfig } from '../../../build/package/builder.mjs';

/** Both come with electron-builder, the second without types. */
const require = createRequire(import.meta.url);
const { validateConfiguration } =
  require('app-builder-lib/out/util/config/config') as typeof import('app-builder-lib/out/util/config/config.js');
const { load } = require('js-yaml') as { load(text: string): unknown };

const KNOWN_TARGETS = {
  linux: ['deb', 'AppImage', 'tar.gz', 'dir'],
  win: ['nsis', 'zip'],
  mac: ['dmg', 'zip'],
};
const ARTEFACT = /\$\{\{ matrix\.(\w+) \}\}/g;

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly needs?: string;
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
  readonly steps: readonly Step[];
}

const { jobs } = load(readFileSync('.github/workflows/package.yml', 'utf8')) as {
  readonly jobs: Readonly<Record<string, Job>>;
};
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const config = () => builderConfig({ electronDist: 'dist', electronVersion: '45.0.0', output: 'out', icons: 'icons' });

test('the builder takes our configuration, and would not take any other', async () => {
  const log = { isEnabled: false, add: () => undefined } as never;
  await expect(validateConfiguration(config() as never, log)).resolves.toBeUndefined();
  const mistaken = { ...config(), nsis: { perMachne: true } };
  await expect(validateConfiguration(mistaken as never, log)).rejects.toThrow('configuration.nsis');
});

test('each target of the workflow is one that its system has, with a configuration of its own', () => {
  const include = jobs['elsewhere']?.strategy?.matrix.include ?? [];
  expect(include.map(({ name }) => name)).toEqual(['linux-arm64', 'windows-x64', 'macos-arm64', 'macos-x64']);
  for (const { targets = '' } of include) {
    const { system, targets: asked } = parse(targets.split(' '));
    expect(config()).toHaveProperty(system);
    expect(asked.length).toBeGreaterThan(1);
    for (const target of asked) expect(KNOWN_TARGETS[system as keyof typeof KNOWN_TARGETS]).toContain(target);
  }
});

test('each job of the workflow has a limit, waits for jobs that exist, and starts files that exist', () => {
  for (const [name, job] of Object.entries(jobs)) {
    expect(job['timeout-minutes'], name).toBeGreaterThan(0);
    if (job.needs !== undefined) expect(jobs).toHaveProperty(job.needs);
    for (const { run = '', uses } of job.steps) {
      if (uses !== undefined) expect(uses, 'a version').toMatch(/^[\w/-]+@v\d+$/);
      for (const [, script = ''] of run.matchAll(/npm run ([\w-]+)/g)) expect(scripts).toHaveProperty(script);
      for (const [, file = ''] of run.matchAll(/node (\S+\.m?js)/g)) expect(existsSync(file), file).toBe(true);
    }
  }
});

test('what one job of the workflow takes another has given, and no two give the same', () => {
  const steps = Object.values(jobs).flatMap((job) =>
    job.steps.map((step) => ({ step, matrix: job.strategy?.matrix.include ?? [{}] })),
  );
  const artefacts = (action: string): string[] =>
    steps
      .filter(({ step }) => step.uses?.startsWith(action))
      .flatMap(({ step, matrix }) =>
        matrix.map((entry: Readonly<Record<string, string>>) =>
          (step.with?.['name'] ?? '').replaceAll(ARTEFACT, (_, key: string) => entry[key] ?? ''),
        ),
      );
  const given = artefacts('actions/upload-artifact');
  expect(given).toEqual([...new Set(given)]);
  for (const taken of artefacts('actions/download-artifact')) expect(given).toContain(taken);
});
