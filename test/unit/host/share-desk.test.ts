/** What leaves redacted: of a part of the recording, and nothing of what was cancelled. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rulesOf } from '../../../electron/bridge/redaction.ts';
import { Grants } from '../../../electron/host/grants.ts';
import { ShareDesk } from '../../../electron/host/share-desk.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { keptSamples, readBack, record, temporaryFolder } from '../recording/helpers.ts';

async function made() {
  const folder = temporaryFolder();
  const recording = path.join(folder, 'a.sonde.mcap');
  await record(recording, signalsFromStacks('nginx;main 3\nsh;main 4 @1\nsh;main 5 @2'));
  const grants = new Grants(10);
  const desk = new ShareDesk(grants);
  const share = (name: string, what: 'recording' | 'folded', isGranted = true) => {
    const file = path.join(folder, name);
    if (isGranted) grants.grant(file);
    const ranges = [{ fromNs: 1001e9, toNs: 1002e9 }];
    const kind = what === 'recording' ? null : ({ format: what, table: null } as const);
    return desk.share(recording, {
      kind: 'share',
      request: 1,
      file,
      rules: rulesOf(['processes']),
      what: kind,
      ranges,
    });
  };
  return { folder, desk, share };
}

test('the range and nothing else, under other names', async () => {
  const { folder, share } = await made();
  expect(await share('b.sonde.mcap', 'recording')).toMatchObject({ kind: 'exported', fault: null });
  const { signals } = await readBack(path.join(folder, 'b.sonde.mcap'));
  expect(keptSamples(signals)).toBe(4);
  expect(JSON.stringify(signals)).not.toMatch(/nginx|"sh"/);
});

test('only where the user said', async () => {
  const { folder, share } = await made();
  expect((await share('b.sonde.mcap', 'recording', false)).fault?.message).toContain('not chosen');
  expect(readdirSync(folder)).toEqual(['a.sonde.mcap']);
});

test.each(['recording', 'folded'] as const)('a %s that is cancelled leaves nothing', async (what) => {
  const { folder, desk, share } = await made();
  const both = [share('b', what), share('c', what)];
  await desk.cancel();
  const outcomes = await Promise.all(both);
  expect(outcomes.map(({ fault }) => fault?.code)).toEqual(['cancelled', 'cancelled']);
  expect(readdirSync(folder)).toEqual(['a.sonde.mcap']);
  expect((await share('d', what)).fault).toBeNull();
});
