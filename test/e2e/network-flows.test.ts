/** The view of the network by keyboard and mouse, on a made-up box. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('network');
const { press, show, selection, source } = screens;
let page: Page;

beforeAll(() => {
  ({ page } = screens);
});

const grid = (name = 'Flows') => page.getByRole('grid', { name, exact: true });
const rows = (name = 'Flows') => grid(name).locator('.grid-body').getByRole('row');
const field = () => page.getByRole('combobox', { name: 'Filter of the flows' });
const column = (name: string) => grid().locator(`.grid-body .flows-${name}`).allInnerTexts();
const count = () => grid().getAttribute('aria-rowcount').then(Number);

async function showFlows(screen = 'live'): Promise<void> {
  await show(screen);
  await press('Control+3');
  await grid().waitFor();
}

async function openTab(name: string): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).click();
}

describe('the table', () => {
  test('names come from the box itself: its hosts and the answers it got', async () => {
    await showFlows();
    const names = new Set(await column('name'));
    expect(names).toContain('mqtt.cloud.example');
    expect(names).toContain('plc-press-1');
  });

  test('a press on a head sorts, a second one turns it around; what is not known comes last', async () => {
    await showFlows();
    await grid().getByRole('button', { name: 'RTT' }).click();
    await expect.poll(async () => (await column('rtt'))[0], PATIENT).toMatch(/ ms$/);
    await grid().getByRole('button', { name: 'RTT' }).click();
    await expect.poll(async () => (await column('rtt'))[0], PATIENT).toMatch(/ µs$/);
  });

  test('columns are chosen and remembered', async () => {
    await showFlows();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Jitter').check();
    await page.getByLabel('Remote name').uncheck();
    const heads = await grid().getByRole('columnheader').allInnerTexts();
    expect(heads).toContain('Jitter');
    expect(heads).not.toContain('Remote name');
    const stored = await page.evaluate(() => localStorage.getItem('sonde.network.columns'));
    expect(stored).toMatch(/jitter/);
  });

  test('Sonde’s own connection is left out, and how much it carried is said', async () => {
    await showFlows();
    const before = await count();
    const own = page.getByLabel(/Sonde’s own connection \([\d.]+ [kM]?B, not shown\)/);
    await own.check();
    await expect.poll(count, PATIENT).toBe(before + 1);
    await field().fill('lport:22');
    await expect.poll(() => grid().getByText('Sonde', { exact: true }).count(), PATIENT).toBe(1);
  });

  test('P keeps the row’s process in every view, G goes to the next view, C copies', async () => {
    await showFlows();
    await rows().filter({ hasText: 'containerd' }).first().click();
    await press('c');
    const copied = (await screens.asked('copy-text'))?.at(-1)?.args[0];
    expect(copied).toMatch(/^tcp 172\.17\.0\.1:\d+ → 172\.17\.0\.4:8080 containerd \(\d+\)$/);
    await press('p');
    expect((await selection())?.process).toBeGreaterThan(0);
    await expect
      .poll(async () => new Set((await column('process')).map((each) => each.split(' ')[0])), PATIENT)
      .toEqual(new Set(['containerd']));
    await press('g');
    expect(await screens.shownTab()).toBe('CPU profile');
    await page.getByRole('button', { name: 'Network flows →' }).first().click();
    expect(await screens.shownTab()).toBe('Network flows');
  });
});

describe('a capture', () => {
  const dialog = () => page.getByRole('dialog', { name: 'Capture packets' });
  const asked = async () => (await source())?.captures.at(-1);

  test('K asks for the row’s packets; the file comes from the dialog, the bounds from the fields', async () => {
    await showFlows();
    await rows().filter({ hasText: 'containerd' }).first().click();
    await press('k');
    expect(await dialog().getByLabel('Filter', { exact: true }).inputValue()).toMatch(
      /^tcp and host 172\.17\.0\.1 and port \d+ and host 172\.17\.0\.4 and port 8080$/,
    );
    await dialog().getByLabel('Time, at most (s)').fill('0');
    await dialog()
      .getByText(/^Must be from 1 to/)
      .waitFor();
    expect(
      await dialog()
        .getByRole('button', { name: /^Choose/ })
        .isDisabled(),
    ).toBe(true);
    await dialog().getByLabel('Time, at most (s)').fill('20');
    await press('Enter');
    await expect.poll(asked, PATIENT).toMatchObject({ file: '/home/mara/gateway.pcapng', maxSeconds: 20 });
    expect((await screens.asked('choose-capture-file'))?.at(-1)?.args[0]).toMatch(/^[\w.-]+ .*\.pcapng$/);
    await press('Escape');
    await expect.poll(() => dialog().count(), PATIENT).toBe(0);
    expect(await page.getByRole('button', { name: 'Capture…' }).isDisabled(), 'one at a time').toBe(true);
  });

  test('a row’s menu by key: arrows, Escape gives the table back', async () => {
    await showFlows();
    await rows().filter({ hasText: 'containerd' }).first().click();
    await press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await press('ArrowDown', 'Enter');
    expect((await selection())?.process).toBeGreaterThan(0);
  });

  test('a recording has no packets', async () => {
    await showFlows('replay');
    expect(await page.getByRole('button', { name: 'Capture…' }).count()).toBe(0);
  });
});

describe('the filter', () => {
  test('completes fields and values by keys, and narrows the table', async () => {
    await showFlows();
    await press('/');
    await page.keyboard.type('pro');
    await press('ArrowDown', 'Enter');
    expect(await field().inputValue()).toBe('proc:');
    await page.keyboard.type('mos');
    await press('ArrowDown', 'Tab');
    expect(await field().inputValue()).toBe('proc:mosquitto ');
    await expect
      .poll(async () => new Set((await column('process')).map((each) => each.split(' ')[0])), PATIENT)
      .toEqual(new Set(['mosquitto']));
    await page.getByText(/^\d flows$/).waitFor();
  });

  test('a mistake is said where it is, and the rest holds', async () => {
    await showFlows();
    await field().fill('port:1883 rtt:>5xs ');
    await press('Escape');
    await page.getByRole('alert').filter({ hasText: '“xs” is no unit' }).waitFor();
    expect(await page.locator('.flow-filter-marks mark').innerText()).toBe('rtt:>5xs');
    expect(await field().getAttribute('aria-invalid')).toBe('true');
    for (const local of await column('local')) expect(local).toMatch(/:1883$/);
    await press('Escape');
    expect(await field().inputValue()).toBe('');
  });

  test('what matches nothing says so, and Show all takes it away', async () => {
    await showFlows();
    const before = await count();
    await field().fill('port:9999');
    await page.getByText('No flow matches this filter.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(count, PATIENT).toBe(before);
  });
});

describe('the pictures', () => {
  test('a drag over the throughput selects a range for every view', async () => {
    await showFlows();
    await screens.drag('.rates-picker', [0.3, 0.4], [0.6, 0.5]);
    const range = (await selection())?.range;
    expect(range?.kind === 'between' && Math.round((range.toNs - range.fromNs) / 1e9)).toBeGreaterThan(12);
  });

  test('by keys: arrows read, Shift selects, Enter applies', async () => {
    await showFlows();
    const slider = page.getByRole('slider', { name: 'Time in the throughput chart' });
    await slider.focus();
    await press('ArrowLeft', 'ArrowLeft');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/kB\/s .* retransmits\/s {3}RTT/);
    await press('Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter');
    const range = (await selection())?.range;
    expect(range?.kind === 'between' && Math.round((range.toNs - range.fromNs) / 1e9)).toBe(3);
  });

  test('a process and a remote end of the map narrow the filter, by keys', async () => {
    await showFlows();
    await openTab('Map');
    const map = page.getByRole('application', { name: /Processes and whom/ });
    await map.focus();
    await press('ArrowDown', 'Enter');
    expect(await field().inputValue()).toMatch(/^proc:\d+$/);
    await map.focus();
    await press('ArrowRight', 'Enter');
    const remote = /^proc:\d+ name:([\w.-]+\.example)$/.exec(await field().inputValue())?.[1];
    expect(remote, await field().inputValue()).toBeTruthy();
    await expect.poll(async () => new Set(await column('name')), PATIENT).toEqual(new Set([remote]));
  });

  test('a press on a ribbon of the map narrows it to both its ends', async () => {
    await showFlows();
    await openTab('Map');
    const pointer = page.locator('.net-map-pointer');
    const box = await pointer.boundingBox();
    if (!box) throw new Error('no map');
    // The greatest link lies on top of the map.
    await page.mouse.click(box.x + box.width * 0.3, box.y + 20);
    await expect.poll(() => field().inputValue(), PATIENT).toMatch(/^proc:\d+ (name|remote):/);
  });
});

describe('connections', () => {
  test('tells who listens, what came and went, and why something failed', async () => {
    await showFlows();
    await page.getByRole('radio', { name: 'All' }).click();
    await openTab('Connections');
    await page.getByLabel(/^closed/).uncheck();
    await page.getByLabel(/^connected/).uncheck();
    const lines = async () => (await rows('Connections').allInnerTexts()).map((line) => line.replaceAll(/\s+/g, ' '));
    await expect.poll(async () => (await lines()).every((line) => /failed|listening/.test(line)), PATIENT).toBe(true);
    await grid('Connections').evaluate((element) => element.scrollTo({ top: 0 }));
    await expect.poll(lines, PATIENT).toContainEqual(expect.stringMatching(/listening mosquitto \(\d+\) tcp \*:1883/));
    expect(await lines()).toContainEqual(
      expect.stringMatching(/failed bridge\.py \(\d+\) .* ECONNREFUSED \(Connection refused\)$/),
    );
  });
});

describe('DNS and drops', () => {
  test('queries with their answers, latencies and failures; by name, and from there to each', async () => {
    await showFlows();
    await openTab('DNS');
    await rows('DNS queries').first().waitFor();
    const text = (await rows('DNS queries').allInnerTexts()).join('\n').replaceAll('\t', ' ');
    expect(text).toMatch(/mqtt\.cloud\.example\s+A\s+NOERROR\s+203\.0\.113\.40\s+[\d.]+ ms/);
    expect(text).toMatch(/auth\.plant\.exmaple\s+A\s+NXDOMAIN/);
    await page.getByRole('radio', { name: 'By name' }).click();
    await rows('DNS queries by name').filter({ hasText: 'auth.plant' }).click();
    await press('Enter');
    await expect
      .poll(
        async () => (await rows('DNS queries').allInnerTexts()).every((line) => line.includes('auth.plant')),
        PATIENT,
      )
      .toBe(true);
  });

  test('drops by cause', async () => {
    await showFlows();
    await openTab('Drops');
    const row = rows('Dropped packets').filter({ hasText: 'UdpRcvbufErrors' });
    await expect.poll(() => row.innerText(), PATIENT).toMatch(/^Protocol/);
  });

  test('a probe that does not run is started with one press', async () => {
    await showFlows('live-flows-only');
    await openTab('Drops');
    await page.getByRole('button', { name: 'Start dropped packets' }).click();
    expect((await source())?.started).toEqual([{ probe: 'net-drops', options: {} }]);
    await page.getByText('Waiting for the first dropped packets…').waitFor();
  });

  test('what does not run at all says how to start it', async () => {
    await show('live-profile-only');
    await press('Control+3');
    await page.getByRole('button', { name: 'Start network flows' }).click();
    expect((await source())?.started).toEqual([{ probe: 'net-flows', options: {} }]);
  });
});
