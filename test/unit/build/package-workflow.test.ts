/** What makes the packages elsewhere, as far as it can be tried here: the builder's own schema, and the workflow's own words. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
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
/** Those that there are of those that are asked for: a label that was retired fails at once there, and never here. */
const RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm', 'windows-2022', 'macos-15', 'macos-15-intel'];
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/setup-node': ['node-version'],
  'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'retention-days'],
  'actions/download-artifact': ['name', 'path'],
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

const text = readFileSync('.github/workflows/package.yml', 'utf8');
const workflow = load(text) as { readonly permissions: object; readonly jobs: Readonly<Record<string, Job>> };
const { jobs } = workflow;
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
      // A tag may be moved to other code; a commit may not.
      if (uses !== undefined) expect(uses, 'a commit').toMatch(/^[\w/-]+@[0-9a-f]{40}$/);
      for (const [, script = ''] of run.matchAll(/npm run ([\w-]+)/g)) expect(scripts).toHaveProperty(script);
      for (const [, file = ''] of run.matchAll(/node (\S+\.m?js)/g)) expect(existsSync(file), file).toBe(true);
    }
  }
});

test('it is made of the words that a workflow has', () => {
  const known = (what: object, words: readonly string[], where: string): void =>
    expect(words, where).toEqual(expect.arrayContaining(Object.keys(what)));
  known(workflow, ['name', 'on', 'permissions', 'concurrency', 'jobs'], 'the workflow');
  expect(workflow.permissions).toEqual({ contents: 'read' });
  for (const [name, job] of Object.entries(jobs)) {
    known(job, ['name', 'needs', 'runs-on', 'container', 'timeout-minutes', 'strategy', 'steps'], name);
    const runners = job.strategy?.matrix.include.map(({ runner = '' }) => runner) ?? [job['runs-on']];
    for (const runner of runners) expect(RUNNERS, name).toContain(runner);
    for (const step of job.steps) {
      known(step, ['name', 'uses', 'run', 'with', 'shell', 'env'], name);
      expect([step.uses, step.run].filter((each) => each !== undefined).length, name).toBe(1);
      const action = step.uses?.split('@')[0] ?? '';
      if (step.with) known(step.with, INPUTS[action] ?? [], `${name}: ${action}`);
    }
  }
  for (const [, scope = '', key = ''] of text.matchAll(/\$\{\{ (\w+)\.([\w.]+) \}\}/g)) {
    expect(['github', 'matrix', 'secrets']).toContain(scope);
    if (scope === 'matrix')
      for (const entry of jobs['elsewhere']?.strategy?.matrix.include ?? []) expect(entry).toHaveProperty(key);
  }
});

test('what a job keeps is where its own scripts have written', () => {
  const WRITERS: Readonly<Record<string, readonly string[]>> = {
    'build/package/device.mjs': ['out/device', 'out/package/device-notices'],
    'build/package/elsewhere.mjs': ['out/package/made'],
    'build/package.mjs': ['out/package/made'],
  };
  for (const [script, folders] of Object.entries(WRITERS))
    for (const folder of folders) expect(sourcesOf(script).includes(folder), `${script} writes ${folder}`).toBe(true);
  for (const [name, { steps }] of Object.entries(jobs)) {
    const run = steps.map((step) => step.run ?? '').join('\n');
    const started = run.includes('npm run package') ? `${run} build/package.mjs` : run;
    const written = Object.entries(WRITERS).flatMap(([script, folders]) => (started.includes(script) ? folders : []));
    const kept = steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact'));
    for (const place of kept.flatMap((step) => (step.with?.['path'] ?? '').trim().split('\n')))
      expect(written, name).toContain(place.replace(/\/sonde-\*$/, ''));
  }
});

/** Of a script and of what it imports from beside it. */
function sourcesOf(script: string): string {
  const source = readFileSync(script, 'utf8');
  const imported = [...source.matchAll(/from '(\.[^']+\.mjs)'/g)].map(([, file = '']) =>
    readFileSync(path.join(path.dirname(script), file), 'utf8'),
  );
  return [source, ...imported].join('\n');
}

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
