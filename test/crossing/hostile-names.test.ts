/** Names that are controls, directions of writing, markup or formulas: shown as what they are, wherever `sonde` shows them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame } from '../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../fixtures/frames.ts';
import { signalsFromStacks } from '../fixtures/signals.ts';
import { agentThat } from './hostile-device.ts';
import { folder, sonde, sondeAgainst, useHostileDevice } from './hostile-stage.ts';

useHostileDevice();

const EVIL = '=cmd\u001b[31m\u202e\u2028\u0007</script><img src=x onerror=a()>&"';
const SHOWN = '=cmd\\x1b[31m\\u{202e}\\u{2028}\\x07';
const FRAMES = framesFromSignals(
  signalsFromStacks([0, 1, 2].map((second) => ({ process: EVIL, frames: [EVIL, `main${EVIL}`], samples: 5, second }))),
)
  .slice(0, -1)
  .map((frame) => encodeFrame(encodeAgentFrame(frame)));
const deeds = { agent: agentThat((number) => FRAMES[number] ?? null) };

/** Lines of text, and nothing that a terminal would obey or a reader could not see. */
function expectVisible(text: string, what: string): void {
  expect(text.replace(/[\n\t]/g, ''), what).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}

test('in the terminal: top, record, info', async () => {
  const top = await sondeAgainst(deeds, { words: ['top', '--probe', 'cpu-profile', '--for', '3s'] });
  const record = await sondeAgainst(deeds, { words: ['record', '--for', '2s', '-o', 'evil.sonde.mcap'] });
  const info = await sonde(['info', 'evil.sonde.mcap']);
  for (const [what, { code, out, err }] of Object.entries({ top, record, info })) {
    expect(code, `${what} ${err}`).toBe(0);
    expect(out, what).toContain(SHOWN.slice(0, 8));
    expectVisible(out + err, what);
  }
});

/** `isMarkup`: of a kind that a browser may be shown. */
test.each([
  ['export', 'folded', SHOWN, false],
  ['export', 'speedscope', JSON.stringify(SHOWN).slice(1, -1), false],
  ['export', 'svg', SHOWN, true],
  ['report', 'html', SHOWN, true],
] as const)('in what is made of it: %s, %s', async (command, kind, shown, isMarkup) => {
  const file = path.join(folder, `evil.${kind}`);
  const format = command === 'export' ? ['-f', kind] : [];
  const ran = await sonde([command, 'evil.sonde.mcap', ...format, '-o', file]);
  expect(ran.code, ran.err).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(shown);
  if (isMarkup) expect(text).not.toContain('<img');
  expectVisible(text, kind);
});
