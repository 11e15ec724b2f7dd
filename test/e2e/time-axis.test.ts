import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { START_NS } from './screens/box-signals.ts';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('time-axis');
const { drag, press } = screens;
let page: Page;

beforeAll(async () => {
  ({ page } = screens);
  // High enough for all tracks.
  await page.setViewportSize({ width: 1440, height: 900 });
});

/** The axis of a screen, with the focus on it. */
async function show(screen: string): Promise<void> {
  await screens.show(screen);
  await page.locator('.axis-full').waitFor();
  await page.getByRole('group', { name: 'Time axis', exact: true }).focus();
}

const range = () => screens.selection().then((selection) => selection?.range ?? null);
const marks = () =>
  page.evaluate(() => {
    const screen = window.stage?.controller.state.getState().screen;
    return screen?.kind === 'session' ? screen.session.state.getState().marks.map(({ text }) => text) : [];
  });
/** Seconds since the box's data begins; null where the range is of another kind. */
async function seconds(): Promise<readonly [number, number] | null> {
  const now = await range();
  return now?.kind === 'between' ? [(now.fromNs - START_NS) / 1e9, (now.toNs - START_NS) / 1e9] : null;
}
const hasZoom = () => page.locator('.axis-overview:not(.axis-overview-idle)').count();

describe('selecting with the mouse', () => {
  test('a drag selects, and every view follows; Escape lets go', async () => {
    await show('replay');
    await drag('.brush', [0.25, 0.5], [0.5, 0.5]);
    const [from, to] = (await seconds()) ?? [0, 0];
    expect([Math.round(from), Math.round(to)]).toEqual([60, 120]);
    await page.getByText(/samples in (5\d|60) s|samples in 1 min/).waitFor(PATIENT);
    await press('Escape');
    expect(await range()).toEqual({ kind: 'all' });
  });

  test('with Ctrl or Shift further ranges come in; what overlaps is one', async () => {
    await show('replay');
    await drag('.brush', [0.1, 0.5], [0.2, 0.5]);
    for (const [key, from, to] of [
      ['Control', 0.5, 0.6],
      ['Shift', 0.8, 0.9],
    ] as const) {
      await page.keyboard.down(key);
      await drag('.brush', [from, 0.5], [to, 0.5]);
      await page.keyboard.up(key);
    }
    expect((await range())?.kind).toBe('several');
    await page.getByText('3 ranges, 1 min').waitFor(PATIENT);
    expect(await page.getByRole('slider', { name: /^Start of range/ }).count()).toBe(3);
    await page.getByRole('button', { name: /^Export/ }).click();
    await page.getByRole('radio', { name: /^Range 2/ }).waitFor();
    await press('Escape');
    await page.keyboard.down('Control');
    await drag('.brush', [0.05, 0.5], [0.95, 0.5]);
    await page.keyboard.up('Control');
    expect((await range())?.kind).toBe('between');
  });

  test('a range is moved by its middle and resized by an edge', async () => {
    await show('replay');
    await drag('.brush', [0.4, 0.5], [0.6, 0.5]);
    await drag('.brush', [0.5, 0.5], [0.6, 0.5]);
    expect((await seconds())?.map(Math.round)).toEqual([120, 168]);
    await drag('.brush', [0.7, 0.5], [0.9, 0.5]);
    expect((await seconds())?.map(Math.round)).toEqual([120, 216]);
  });

  test('a double click shows all again', async () => {
    await show('live');
    await drag('.brush', [0.4, 0.5], [0.6, 0.5]);
    expect((await range())?.kind).toBe('between');
    await page.locator('.brush').dblclick({ position: { x: 30, y: 40 } });
    expect(await range()).toEqual({ kind: 'last', seconds: 60 });
  });
});

describe('zoom and pan', () => {
  test('the wheel comes closer where the pointer is, L shows all again', async () => {
    await show('replay');
    expect(await hasZoom()).toBe(0);
    await page.locator('.brush').hover({ position: { x: 100, y: 40 } });
    await page.mouse.wheel(0, -400);
    await expect.poll(hasZoom, PATIENT).toBe(1);
    await press('l');
    await expect.poll(hasZoom, PATIENT).toBe(0);
  });

  test('by keyboard alone, also back to live', async () => {
    await show('live');
    const before = await page.locator('.axis-overview-shown').getAttribute('style');
    const shown = () => page.locator('.axis-overview-shown').getAttribute('style');
    await press('+', '+', 'ArrowLeft', 'Shift+ArrowLeft');
    await expect.poll(shown, PATIENT).not.toBe(before);
    const back = page.getByRole('button', { name: 'Back to live' });
    expect(await back.isEnabled()).toBe(true);
    await back.focus();
    await press('Enter');
    await expect.poll(shown, PATIENT).toBe(before);
    expect(await back.isEnabled()).toBe(false);
  });

  test('the middle button pans', async () => {
    await show('replay');
    await press('+', '+');
    const shown = () => page.locator('.axis-overview-shown').getAttribute('style');
    const before = await shown();
    const box = await page.locator('.brush').boundingBox();
    if (!box) throw new Error('no brush');
    await page.mouse.move(box.x + 200, box.y + 40);
    await page.mouse.down({ button: 'middle' });
    await page.mouse.move(box.x + 300, box.y + 40, { steps: 3 });
    await page.mouse.up({ button: 'middle' });
    await expect.poll(shown, PATIENT).not.toBe(before);
    expect(await range()).toEqual({ kind: 'all' });
  });

  test('the axis is one line or all tracks, and its clock counts from the start', async () => {
    await show('replay');
    await page.getByRole('button', { name: 'Show seconds since the start' }).click();
    await page.getByText('0:00 – 4:00').waitFor();
    await page.getByRole('button', { name: 'One line' }).click();
    await page.locator('.axis-line').waitFor();
    expect(await page.locator('.axis-gutter dt').allInnerTexts()).toEqual(['CPU']);
    await page.getByRole('tab', { name: 'System calls' }).click();
    await expect.poll(() => page.locator('.axis-gutter dt').allInnerTexts(), PATIENT).toEqual(['Calls']);
  });
});

test('of a long recording finer data is asked for what is selected, and it is said until it comes', async () => {
  await show('replay-long');
  expect((await screens.source())?.ranges).toEqual([]);
  await drag('.brush', [0.8, 0.5], [0.9, 0.5]);
  await page.getByText('Loading finer data…').waitFor();
  const asked = (await screens.source())?.ranges ?? [];
  expect(asked.map((part) => part && [part.fromNs, part.toNs].map((ns) => Math.round((ns - START_NS) / 1e9)))).toEqual([
    [72, 240],
  ]);
  await page.evaluate(() => {
    const screen = window.stage?.controller.state.getState().screen;
    if (screen?.kind !== 'session') throw new Error('no session');
    const { view } = screen.session.state.getState();
    if (view?.kind !== 'replay' || !view.loaded) throw new Error('no recording');
    window.stage?.desk.sources[0]?.show({ ...view, loaded: { ...view.loaded, stepNs: 0 } });
  });
  await page.getByText('Loading finer data…').waitFor({ state: 'detached' });
});

describe('playing a recording', () => {
  test('a click seeks, Space plays on and stands still', async () => {
    await show('replay');
    const box = await page.locator('.brush').boundingBox();
    await page.locator('.brush').click({ position: { x: (box?.width ?? 0) / 2, y: 40 } });
    expect((await seconds())?.map(Math.round)).toEqual([110, 120]);
    await press('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(async () => (await seconds())?.[1] ?? 0, PATIENT).toBeGreaterThan(120.5);
    await press('Space');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const stood = await seconds();
    await page.waitForTimeout(600);
    expect(await seconds()).toEqual(stood);
  });

  test('its position is a slider, its speed a choice, its length that of the chooser', async () => {
    await show('replay');
    await page.locator('.brush').click({ position: { x: 300, y: 40 } });
    const slider = page.getByRole('slider', { name: 'Playback position' });
    const before = (await seconds())?.[1] ?? 0;
    await slider.focus();
    await press('ArrowRight', 'Shift+ArrowRight');
    expect((await seconds())?.[1]).toBeCloseTo(before + 11, 3);
    await page.getByRole('radio', { name: '1 min' }).click();
    const [from, to] = (await seconds()) ?? [0, 0];
    expect(to - from).toBeCloseTo(60, 3);
    await page.getByRole('combobox', { name: 'Playback speed' }).selectOption('16');
    await press('Space');
    await page.getByRole('radio', { name: 'All' }).click();
    expect(await range()).toEqual({ kind: 'all' });
  });
});

describe('marks', () => {
  test('M marks what is selected, in words; the flag changes and deletes it; undo brings it back', async () => {
    await show('replay');
    await drag('.brush', [0.25, 0.5], [0.5, 0.5]);
    await press('m');
    await page.getByRole('textbox', { name: /Mark at/ }).fill('pump on');
    await press('Enter');
    expect(await marks()).toEqual(['pump on']);
    await page.getByRole('button', { name: /^Mark at .*pump on/ }).click();
    await page.getByRole('textbox', { name: /Mark of/ }).fill('pump and valve on');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await marks()).toEqual(['pump and valve on']);
    await page.getByRole('button', { name: /^Mark at .*pump and valve on/ }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    expect(await marks()).toEqual([]);
    await page.getByTitle('Marks and events').click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await marks()).toEqual(['pump and valve on']);
    await press('Escape', 'Control+z');
    expect(await marks()).toEqual(['pump on']);
  });

  test('Escape and an empty text leave no mark; M is a letter where something is typed', async () => {
    await show('live');
    await press('m');
    await page.keyboard.type('never');
    await press('Escape', 'm', 'Enter');
    expect(await marks()).toEqual([]);
    await page.locator('input[type=search]').first().focus();
    await press('m');
    expect(await page.getByRole('form', { name: 'New mark' }).count()).toBe(0);
  });

  test('the list leads to a mark', async () => {
    await show('replay-marked');
    await page.getByTitle('Marks and events').click();
    await page
      .getByRole('group', { name: 'Marks and events' })
      .getByRole('button', { name: /, 1 min 12 s$/ })
      .click();
    expect((await seconds())?.map(Math.round)).toEqual([300, 372]);
  });
});
