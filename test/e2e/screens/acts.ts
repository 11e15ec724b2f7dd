// Which screens are looked at, and what is done on them first.
import type { Page } from 'playwright-core';

interface Act {
  /** Of screens.ts. */
  readonly screen: string;
  readonly act: (page: Page) => Promise<void>;
}

const still = async () => {};
const look = (screen: string): Act => ({ screen, act: still });
const open = (screen: string, button: RegExp): Act => ({
  screen,
  act: async (page) => page.getByRole('button', { name: button }).click(),
});

/** The view of system calls, then more. */
const calls = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'System calls' }).click();
    await then(page);
  },
});

/** Single calls, as they happen, then more. */
const events = (screen: string, then: (page: Page) => Promise<void> = still): Act =>
  calls(screen, async (page) => {
    await page.getByRole('tab', { name: 'As they happen' }).click();
    await then(page);
  });

/** The view of the network, then more. */
const network = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'Network flows' }).click();
    await then(page);
  },
});

const filtered = (text: string) => async (page: Page) => {
  await page.getByRole('combobox', { name: 'Filter of the flows' }).fill(text);
};

const within =
  (tab: string, then: (page: Page) => Promise<void> = still) =>
  async (page: Page) => {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await then(page);
  };

export const ACTS: Readonly<Record<string, Act>> = {
  'start-first': look('start-first'),
  'start-recent': look('start-recent'),
  'start-fault': look('start-fault'),
  'start-options': {
    screen: 'start-recent',
    act: async (page) => {
      await page.locator('summary', { hasText: 'CPU profile' }).click();
      await page.getByRole('textbox', { name: 'Device' }).fill('mara@gateway 7');
      await page.getByRole('textbox', { name: /^Rate/ }).fill('20000');
      await page.getByRole('button', { name: 'Choose a key file' }).click();
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    },
  },
  connecting: look('connecting'),
  'host-key': look('host-key'),
  secret: look('secret'),
  'connect-failed': open('connect-failed', /^Copy/),
  'live-waiting': look('live-waiting'),
  live: look('live'),
  'live-young': look('live-young'),
  'live-losing': look('live-losing'),
  'live-loss': open('live-losing', /lost/),
  'live-cost': open('live', /Observer/),
  'live-link': open('live', /^Live/),
  'live-paused': {
    screen: 'live',
    act: async (page) => {
      await page.mouse.click(5, 5);
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    },
  },
  'live-brushed': {
    screen: 'live',
    act: async (page) => {
      await drag(page, '.brush', [0.3, 0.3], [0.55, 0.5]);
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    },
  },
  'live-functions': {
    screen: 'live',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Functions' }).click();
      await page.getByRole('row').filter({ hasText: 'crc16' }).click();
    },
  },
  'live-leave': {
    screen: 'live',
    act: async (page) => {
      await page.locator('.app').dispatchEvent('drop', { dataTransfer: await dropped(page) });
      await page.getByRole('dialog').waitFor();
    },
  },
  calls: calls('live', async (page) => {
    await page.getByRole('grid', { name: 'System calls' }).waitFor();
  }),
  'calls-growing': calls('live-growing', async (page) => {
    await page.getByText(/calls in 40 s/).waitFor();
  }),
  'calls-row': calls('live', async (page) => {
    await page.getByRole('radio', { name: 'Log' }).click();
    await page.getByLabel('Previous range').check();
    await page.getByRole('row').filter({ hasText: 'writev' }).click();
    await page.getByRole('slider', { name: /Bucket/ }).hover();
  }),
  'calls-band': calls('live', async (page) => {
    await drag(page, '.calls-heat-plot', [0.3, 0.2], [0.7, 0.5]);
    await page.getByRole('button', { name: /Any latency/ }).waitFor();
  }),
  'calls-search': calls('live', async (page) => {
    await page.getByRole('radio', { name: 'Thread' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('mosq|modb');
  }),
  'calls-errors': calls('live', async (page) => page.getByRole('tab', { name: 'Errors' }).click()),
  events: events('live-events'),
  'events-details': events('live-events', async (page) => {
    await page.getByRole('row').filter({ hasText: 'ECONNREFUSED' }).last().click();
    await page.getByRole('region', { name: 'Details of the call' }).waitFor();
  }),
  'events-change': events('live-events', async (page) => {
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByRole('radio', { name: 'This error' }).click();
  }),
  'events-losing': events('live-events-losing'),
  'events-quiet': events('live-events-quiet'),
  'events-start': calls('live', async (page) => {
    await page.getByRole('row').filter({ hasText: 'connect' }).click();
    await page.getByRole('tab', { name: 'As they happen' }).click();
    await page.getByRole('button', { name: 'This call: connect' }).click();
  }),
  'events-none': events('replay'),
  'events-replay': look('replay-events-only'),
  'calls-help': calls('live', async (page) => page.getByRole('button', { name: '?' }).click()),
  'calls-losing': calls('live-losing', async (page) => page.getByRole('button', { name: /lost/ }).click()),
  'calls-process': {
    screen: 'live',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Process' }).click();
      await page.getByRole('option', { name: /mosquitto/ }).click();
      await page.getByRole('button', { name: 'System calls →' }).click();
      await page.getByRole('grid', { name: 'System calls' }).waitFor();
    },
  },
  'calls-and-back': calls('live', async (page) => {
    await page.getByRole('row').filter({ hasText: 'recvfrom' }).click();
    await page.getByRole('button', { name: 'Its CPU profile →' }).click();
    await page.getByRole('combobox', { name: 'Process' }).waitFor();
  }),
  'calls-not-running': calls('live-profile-only'),
  'calls-start': calls('live-profile-only', async (page) =>
    page.getByRole('button', { name: 'With options…' }).click(),
  ),
  'calls-none': calls('replay-profile-only'),
  'calls-failed': calls('calls-failed'),
  'calls-replay': calls('replay'),
  network: network('live', async (page) => {
    await page.getByRole('grid', { name: 'Flows' }).waitFor();
  }),
  'network-row': network('live', async (page) => {
    await page.getByRole('radio', { name: 'Remote', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).click();
    await page.getByRole('slider', { name: 'Time in the throughput chart' }).hover();
  }),
  'network-filter': network('live', filtered('proc:mos')),
  'network-filter-wrong': network('live', async (page) => {
    await filtered('port:1883 rtt:>5xs state:estab ')(page);
    await page.keyboard.press('Escape');
  }),
  'network-nothing': network('live', async (page) => {
    await filtered('port:9999')(page);
    await page.keyboard.press('Enter');
  }),
  'network-columns': network('live', async (page) => page.getByRole('button', { name: 'Columns' }).click()),
  'network-help': network('live', async (page) => page.getByRole('button', { name: '?' }).click()),
  'network-own': network('live', async (page) => page.getByLabel(/own connection/).check()),
  'network-losing': network('live-losing'),
  'network-map': network('live', within('Map')),
  'network-map-pointed': network(
    'live',
    within('Map', async (page) => {
      await page.getByRole('application', { name: /Processes and whom/ }).focus();
      await page.keyboard.press('ArrowDown');
    }),
  ),
  'network-connections': network('live', within('Connections')),
  'network-dns': network('live', within('DNS')),
  'network-dns-names': network(
    'live',
    within('DNS', async (page) => page.getByRole('radio', { name: 'By name' }).click()),
  ),
  'network-drops': network('live', within('Drops')),
  'network-drops-start': network('live-flows-only', within('Drops')),
  'network-not-running': network('live-profile-only'),
  'network-none': network('replay-profile-only'),
  'network-replay': network('replay'),
  reconnecting: look('reconnecting'),
  ended: look('ended'),
  disconnected: look('disconnected'),
  'probe-failed': look('probe-failed'),
  'recording-failed': look('recording-failed'),
  replay: look('replay'),
  'replay-reading': look('replay-reading'),
  'replay-export': open('replay', /Export/),
  exported: look('exported'),
};

/** Points as shares of the element's width and height. */
async function drag(
  page: Page,
  selector: string,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`no ${selector}`);
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 4 });
  await page.mouse.up();
}

function dropped(page: Page) {
  return page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'other.mcap'));
    return transfer;
  });
}
