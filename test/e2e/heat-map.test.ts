/** The heat map of parts of a second: what is chosen in it is what all views show. */
import { expect, test } from 'vitest';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('heat-map');

const range = async () => (await screens.selection())?.range;
const lengthMs = async () => {
  const now = await range();
  return now?.kind === 'between' ? Math.round((now.toNs - now.fromNs) / 1e6) : null;
};
/** "76 samples in 1.8 s" */
const coverage = () => screens.page.locator('.flame-coverage').innerText();

async function openHeatMap(screen: string): Promise<void> {
  await screens.show(screen);
  await screens.page.getByRole('tab', { name: 'Heat map' }).click();
  await screens.page.locator('.subsecond-plot').waitFor();
}

test('keys move, select one slot, select several seconds, and add another range', async () => {
  await openHeatMap('live');
  await screens.page.locator('.subsecond-plot').focus();
  await screens.press('ArrowLeft', 'ArrowLeft', 'Enter');
  expect(await lengthMs()).toBe(20);
  await screens.press('ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowUp', 'Enter');
  expect(await lengthMs()).toBe(1000);
  await screens.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Control+Enter');
  expect(await range()).toMatchObject({ kind: 'several', ranges: { length: 2 } });
  await screens.page.getByRole('button', { name: 'Clear' }).click();
  expect(await range()).toEqual({ kind: 'last', seconds: 60 });
});

test('a drag selects to the slot, the flame graph has just its samples, and the picture stays', async () => {
  await openHeatMap('replay');
  const text = await screens.page
    .locator('.subsecond canvas')
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  await screens.drag('.subsecond-plot', [0.102, 0.95], [0.102, 0.45]);
  expect(await lengthMs()).toBeGreaterThan(400);
  expect(await lengthMs()).toBeLessThan(600);
  await expect.poll(coverage, PATIENT).toMatch(/^\d+ samples? in [45]\d\d ms$/);
  const samples = Number.parseInt(await coverage(), 10);
  await screens.page.mouse.move(5, 5);
  expect(
    await screens.page.locator('.subsecond canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL()),
  ).toBe(text);
  await screens.page.getByRole('button', { name: 'Flame graph →' }).click();
  await screens.page.locator('.flame-pane:not([hidden])').waitFor();
  expect(samples).toBeGreaterThan(5);
  expect(samples).toBeLessThan(200);
});

test('a press that does not move selects nothing', async () => {
  await openHeatMap('replay');
  await screens.drag('.subsecond-plot', [0.5, 0.5], [0.5, 0.5]);
  expect(await range()).toEqual({ kind: 'all' });
});

test('a recording that never told says so, and shows whole windows', async () => {
  await openHeatMap('replay-profile-old');
  await screens.page.getByText('does not say when within a second').waitFor();
});
