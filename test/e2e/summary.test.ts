/** The summary of a recording in the window: where it leads, what it is of, and what can be made of it. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { START_NS } from './screens/box-signals.ts';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('summary');
let page: Page;

beforeAll(async () => {
  ({ page } = screens);
  await page.setViewportSize({ width: 1440, height: 900 });
  // Of a screen that a busy machine is still filling.
  page.setDefaultNavigationTimeout(90_000);
});

async function show(screen: string): Promise<void> {
  await screens.show(screen);
  await screens.press('Control+4');
  await page.getByRole('region', { name: 'Summary' }).waitFor();
}

const summarised = () => screens.source().then((source) => source?.summarised ?? []);
const nameOfProcess = () =>
  page.evaluate(() => {
    const screen = window.stage?.controller.state.getState().screen;
    if (screen?.kind !== 'session') return null;
    const { process } = screen.session.state.getState().selection;
    return screen.session.snapshots.getState().tables.processes[process ?? 0]?.comm ?? null;
  });

describe('a finding leads', () => {
  test('to its function in the flame graph', async () => {
    await show('replay-marked');
    await page.getByRole('button', { name: 'crc16 itself took 21 % of it.' }).click();
    expect(await screens.shownTab()).toBe('CPU profile');
    expect(await page.getByPlaceholder('Search (regex)').first().inputValue()).toBe('^crc16$');
    expect(await nameOfProcess()).toBeNull();
    await page.getByText('of samples').waitFor();
  });

  test('to its process, with the same button again after going elsewhere', async () => {
    await show('replay-marked');
    const finding = page.getByRole('button', { name: /^modbusd \(103\) took/ });
    await finding.click();
    expect(await nameOfProcess()).toBe('modbusd');
    await screens.press('Control+4');
    await finding.click();
    expect(await screens.shownTab()).toBe('CPU profile');
  });

  test('to the errors of its call', async () => {
    await show('replay-marked');
    await page.getByRole('button', { name: /^Most frequent error: connect/ }).click();
    await page.getByRole('tab', { name: 'Errors', selected: true }).waitFor();
    expect(await nameOfProcess()).toBe('mosquitto');
    await page.getByRole('row').filter({ hasText: 'ECONNREFUSED' }).first().waitFor();
  });

  test('to its flow', async () => {
    await show('replay-marked');
    await page.getByRole('button', { name: /^tcp mqtt\.cloud/ }).click();
    expect(await page.getByRole('combobox', { name: 'Filter of the flows' }).inputValue()).toBe(
      'remote:203.0.113.40 rport:8883',
    );
    await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).first().waitFor();
  });
});

test('it is made of what is selected, once that stands still; by keys alone', async () => {
  await show('replay-marked');
  await page.getByText(/^The whole recording: /).waitFor();
  await screens.drag('.brush', [0.2, 0.5], [0.4, 0.5]);
  await page.getByText(/^The selected range: /).waitFor();
  const asked = await summarised();
  expect(asked).toHaveLength(2);
  const [whole, range] = asked;
  expect(whole).toEqual([]);
  expect(range?.map(({ fromNs, toNs }) => [fromNs, toNs].map((ns) => Math.round((ns - START_NS) / 1e9)))).toEqual([
    [180, 360],
  ]);
  const system = page.getByRole('button', { name: /, 14 min 40 s$/ });
  await system.focus();
  await screens.press('Enter');
  const selection = await screens.selection();
  expect(selection?.range).toEqual({ kind: 'between', fromNs: START_NS, toNs: START_NS + 880e9 });
});

test('of a session that goes on it is all so far, whatever comes in meanwhile', async () => {
  await show('live-growing');
  await expect.poll(summarised, PATIENT).toEqual([[]]);
});

test('a mark leads to its time', async () => {
  await show('replay-marked');
  await page.getByRole('button', { name: /, 1 min 12 s$/ }).click();
  const selection = await screens.selection();
  expect(selection?.range).toMatchObject({ kind: 'between', fromNs: START_NS + 300e9, toNs: START_NS + 372e9 });
});

test('it leaves as text, and as a report of the same part', async () => {
  await show('replay-marked');
  await page.getByText(/^The whole recording: /).waitFor();
  await page.getByRole('button', { name: 'Copy as text' }).click();
  const [copied] = (await screens.asked('copy-text')) ?? [];
  const [text] = (copied?.args ?? []) as readonly string[];
  expect(text).toContain('What stands out\n- 1\u202f204 samples were lost');
  expect(text).toContain('Marks and notes');
  expect(text).toContain('Raspberry Pi');
  await page.getByRole('button', { name: 'Save as report…' }).click();
  await expect
    .poll(() => screens.source().then((source) => source?.exports))
    .toMatchObject([{ format: 'html', ranges: [] }]);
});

test('what another profiler wrote can be saved as a recording', async () => {
  await screens.show('replay-imported');
  await page.getByRole('button', { name: 'Save as a recording…' }).click();
  await page.getByText(/^Saved redacted/).waitFor();
  const source = await screens.source();
  expect(source?.shared).toMatchObject([{ what: null, ranges: [] }]);
  expect(Object.values(source?.shared[0]?.rules ?? {}).some(Boolean)).toBe(false);
});

test('all of several ranges go into one file, or one of them, or all of the session', async () => {
  await screens.show('replay');
  await screens.drag('.brush', [0.1, 0.5], [0.2, 0.5]);
  await page.keyboard.down('Control');
  await screens.drag('.brush', [0.5, 0.5], [0.6, 0.5]);
  await page.keyboard.up('Control');
  const counts: number[] = [];
  for (const name of [/^All 2 selected ranges/, /^Range 2/, /^The whole session/]) {
    await page.getByRole('button', { name: /^Export/ }).click();
    await page.getByRole('radio', { name }).check();
    await page.getByRole('button', { name: /^Folded/ }).click();
    await expect.poll(() => screens.source().then((source) => source?.exports.length)).toBe(counts.length + 1);
    counts.push((await screens.source())?.exports.at(-1)?.ranges.length ?? -1);
  }
  expect(counts).toEqual([2, 1, 0]);
});

test('sharing is of the selected range unless all is chosen, and the preview is of the same', async () => {
  await screens.show('share');
  await screens.drag('.brush', [0.25, 0.5], [0.5, 0.5]);
  await page.getByRole('button', { name: /^Share/ }).click();
  expect(await page.getByRole('radio', { name: /^The selected range/ }).isChecked()).toBe(true);
  await page.getByRole('radio', { name: /^The whole session/ }).check();
  await page.getByRole('radio', { name: /^The selected range/ }).check();
  await page.getByRole('button', { name: 'Save…' }).click();
  await expect.poll(() => screens.source().then((source) => source?.shared.length)).toBe(1);
  const source = await screens.source();
  expect(source?.previewRanges.map(({ length }) => length)).toEqual([1, 0, 1]);
  expect(source?.shared[0]?.ranges.map(({ fromNs }) => Math.round((fromNs - START_NS) / 1e9))).toEqual([60]);
});
