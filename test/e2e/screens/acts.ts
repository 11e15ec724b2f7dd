// Which screens are looked at, and what is done on them first.
import type { Page } from 'playwright-core';
import { CAPTURES, type CaptureState } from './captures.ts';
import { FLIGHTS } from './flights.ts';

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

/** Samples within each second, then more. */
const heat = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'Heat map' }).click();
    await then(page);
  },
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

/** The time axis with all its tracks, then more. */
const axis = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('button', { name: 'All tracks' }).click();
    await then(page);
  },
});

/** Two sides, then more. */
const compare = (then: (page: Page) => Promise<void>): Act => ({
  screen: 'compare',
  act: async (page) => {
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    await then(page);
  },
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

const captureOfFlow = async (page: Page) => {
  await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Capture/ }).click();
  await page.getByRole('dialog').waitFor();
};

/** What the session host would say of a capture. */
const showCapture = (page: Page, state: CaptureState) =>
  page.evaluate((view) => globalThis.window.stage?.desk.sources[0]?.showCapture(view), CAPTURES[state]);

/** What the session host would say of what is kept beside the recording. */
const showFlight = (page: Page, state: keyof typeof FLIGHTS) =>
  page.evaluate((view) => globalThis.window.stage?.desk.sources[0]?.showFlight(view), FLIGHTS[state]);

/** The panel of the flight recorder, then more. */
const recorder = (state: keyof typeof FLIGHTS, then: (page: Page) => Promise<void> = still): Act => ({
  screen: 'live',
  act: async (page) => {
    await showFlight(page, state);
    await page.getByRole('button', { name: /^Recorder/ }).click();
    await then(page);
  },
});

export const ACTS: Readonly<Record<string, Act>> = {
  'start-first': look('start-first'),
  'start-recent': look('start-recent'),
  'start-fault': look('start-fault'),
  library: look('library'),
  'library-row': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('row').filter({ hasText: 'valve stuck' }).first().click();
    },
  },
  'library-bad': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('row').filter({ hasText: 'not an MCAP file' }).click();
    },
  },
  'library-note': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('row').filter({ hasText: 'valve stuck' }).first().click();
      await page.keyboard.press('n');
      await page.getByRole('dialog').waitFor();
    },
  },
  'library-nothing': {
    screen: 'library',
    act: async (page) => page.getByRole('searchbox', { name: 'Search recordings' }).fill('submarine'),
  },
  'library-clean-up': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('button', { name: /^Clean up/ }).click();
      await page.getByRole('textbox', { name: /days/ }).fill('7');
    },
  },
  'library-empty': look('library-empty'),
  'library-many': look('library-many'),
  share: open('share', /^Share/),
  'share-choice': {
    screen: 'share',
    act: async (page) => {
      await page.getByRole('button', { name: /^Share/ }).click();
      await page.getByRole('radio', { name: 'Strict' }).click();
      await page.getByRole('checkbox', { name: 'Processes' }).uncheck();
    },
  },
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
  'axis-full': axis('live'),
  'axis-readout': axis('live-losing', async (page) => page.locator('.brush').hover({ position: { x: 330, y: 40 } })),
  'axis-several': axis('live', async (page) => {
    await drag(page, '.brush', [0.1, 0.3], [0.25, 0.5]);
    await page.keyboard.down('Control');
    await drag(page, '.brush', [0.5, 0.3], [0.6, 0.5]);
    await page.keyboard.up('Control');
    await page.mouse.move(500, 500);
  }),
  'axis-marked': axis('replay-marked', async (page) => {
    await page.locator('.brush').click({ position: { x: 300, y: 50 } });
    await page
      .getByRole('button', { name: 'Marks and events' })
      .or(page.locator('.axis-tools .popover > button'))
      .first()
      .click();
  }),
  'axis-editor': axis('replay-marked', async (page) => {
    await page.getByRole('button', { name: /Mark at .*broker/ }).click();
  }),
  'axis-zoomed': axis('replay-marked', async (page) => {
    await page.locator('.brush').hover({ position: { x: 350, y: 50 } });
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -200);
    await drag(page, '.brush', [0.4, 0.5], [0.5, 0.5]);
    await page.mouse.move(500, 500);
  }),
  'axis-seconds': axis('replay-marked', async (page) => {
    await page.getByRole('button', { name: 'Show seconds since the start' }).click();
  }),
  'live-functions': {
    screen: 'live',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Functions' }).click();
      await page.getByRole('row').filter({ hasText: 'crc16' }).click();
    },
  },
  'live-heat': heat('live'),
  'heat-losing': heat('live-losing'),
  'heat-old': heat('replay-profile-old'),
  'heat-idle': heat('live', async (page) => {
    await page.getByRole('combobox', { name: 'CPU' }).fill('3');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Process' }).fill('modbusd');
    await page.keyboard.press('Enter');
  }),
  'live-heat-selected': heat('live', async (page) => {
    await drag(page, '.subsecond-plot', [0.3, 0.3], [0.33, 0.7]);
    await page.keyboard.down('Control');
    await drag(page, '.subsecond-plot', [0.62, 0.6], [0.62, 0.4]);
    await page.keyboard.up('Control');
    await page.getByText('2 ranges selected').waitFor();
  }),
  'live-heat-young': heat('live-young', async (page) => {
    await page.getByRole('application', { name: /part of the second/ }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
  }),
  'replay-heat': heat('replay', async (page) => page.getByRole('combobox', { name: 'CPU' }).click()),
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
  'network-menu': network('live', async (page) => {
    await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).click({ button: 'right' });
    await page.getByRole('menu').waitFor();
  }),
  'recorder-quiet': recorder('quiet'),
  'recorder-full': recorder('full'),
  'recorder-refused': recorder('quiet', async (page) => {
    await page.getByRole('combobox', { name: /^When this happens/ }).fill('cpu>800%');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
  }),
  'recorder-waiting': { screen: 'live', act: (page) => showFlight(page, 'waiting') },
  'recorder-fetching': { screen: 'live', act: (page) => showFlight(page, 'fetching') },
  'capture-dialog': network('live', captureOfFlow),
  'capture-refused': network('live', async (page) => {
    await captureOfFlow(page);
    await page.getByLabel('Filter', { exact: true }).fill('tcp prot 1883');
    await page.getByRole('button', { name: /^Choose a file/ }).click();
    await page.getByRole('button', { name: 'Starting…' }).waitFor();
    await showCapture(page, 'refused');
    await page
      .getByText(/syntax error/)
      .first()
      .waitFor();
  }),
  'capture-running': network('live', (page) => showCapture(page, 'running')),
  'capture-ended': network('live', async (page) => {
    await showCapture(page, 'ended');
    await page.getByRole('button', { name: 'Open in Wireshark' }).waitFor();
  }),
  'capture-failed': network('live', (page) => showCapture(page, 'failed')),
  'compare-menu': open('replay', /^Compare/),
  'compare-within': {
    screen: 'replay',
    act: async (page) => {
      await page.getByRole('button', { name: /^Compare/ }).click();
      await page.getByRole('button', { name: /^First half/ }).click();
      await page.getByRole('heading', { name: 'Compare' }).waitFor();
    },
  },
  'compare-opening': look('compare-opening'),
  'compare-other': look('compare-other'),
  compare: compare(async (page) => {
    const picture = page.getByRole('application', { name: /Differential/ });
    await picture.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await picture.hover({ position: { x: 300, y: 70 } });
  }),
  'compare-both': compare(async (page) => {
    await page.getByRole('radio', { name: 'Both' }).click();
    await page.getByRole('radio', { name: 'One CPU' }).click();
    await page.getByRole('searchbox').fill('crc');
  }),
  'compare-one-function': compare(async (page) => {
    await page.getByRole('radio', { name: 'One function' }).click();
    await page.getByRole('combobox', { name: 'Function' }).click();
  }),
  'compare-functions': compare(
    within('Functions', async (page) => page.getByRole('row').filter({ hasText: 'crc16' }).click()),
  ),
  'compare-calls': compare(
    within('System calls', async (page) => page.getByRole('row').filter({ hasText: 'mosquitto' }).first().click()),
  ),
  'compare-part': compare(async (page) => {
    await page.getByRole('button', { name: /^Before gateway/ }).click();
    await page.getByRole('spinbutton', { name: 'to' }).fill('900');
  }),
  'compare-network': compare(within('Network')),
  'compare-device': compare(within('Device')),
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
