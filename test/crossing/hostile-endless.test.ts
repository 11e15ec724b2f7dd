/** Agents that never stop: whatever they say is bounded, refused in words, and fills nobody's memory. */
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { agentThat } from './hostile-device.ts';
import { BEGINNING, framed } from './hostile-runs.ts';
import { MAX_PEAK_MB, sondeAgainst, useHostileDevice } from './hostile-stage.ts';

useHostileDevice();

const text = (value: string) => Buffer.from(value);

describe('an agent without an end', () => {
  /** What it took, and what was said. */
  const expectBounded = (
    { code, err, peakMb }: Awaited<ReturnType<typeof sondeAgainst>>,
    name: string,
    words: RegExp,
  ) => {
    console.log(`${name}: exit code ${code}, at most ${Math.round(peakMb)} MB; ${err.trim().split('\n').at(-1)}`);
    expect(err).toMatch(words);
    expect(err).not.toContain('an error in Sonde itself');
    expect(peakMb).toBeLessThan(MAX_PEAK_MB);
  };

  test('of processes with long names', async () => {
    const long = { exe: text('/x'.repeat(2000)), commandLine: text('y'.repeat(4000)), cgroup: text('/z'.repeat(2000)) };
    const deeds = {
      agent: agentThat((number) =>
        number < BEGINNING.length
          ? (BEGINNING[number] ?? null)
          : framed({
              seq: BigInt(number + 1),
              body: {
                case: 'definitions',
                value: {
                  processes: Array.from({ length: 300 }, (_, i) => ({
                    ...long,
                    id: (number - BEGINNING.length) * 300 + i + 2,
                  })),
                },
              },
            }),
      ),
    };
    const ran = await sondeAgainst(deeds, { words: ['record', '--for', '10m'] });
    expectBounded(ran, 'long names', /more than 256 MB of names/);
  });

  test('of messages of two bytes, which take hundreds in memory', async () => {
    const empties = Buffer.alloc((4 << 20) - 16, Buffer.from([0x0a, 0]));
    const head = Buffer.from([0x5a, ...varint(empties.length)]);
    const ran = await sondeAgainst({ agent: agentThat(() => encodeFrame(Buffer.concat([head, empties]))) });
    expectBounded(ran, 'empty messages', /cannot (decode|use)/);
  });

  test('of notes', async () => {
    const ran = await sondeAgainst({
      agent: agentThat((number) =>
        number < BEGINNING.length
          ? (BEGINNING[number] ?? null)
          : framed({
              seq: BigInt(number + 1),
              body: { case: 'note', value: { atNs: 1n, text: 'note '.repeat(10_000) } },
            }),
      ),
    });
    expectBounded(ran, 'notes', /(?:)/);
  });

  test('of failures', async () => {
    const ran = await sondeAgainst({
      agent: agentThat((number) =>
        number < BEGINNING.length
          ? (BEGINNING[number] ?? null)
          : framed({ body: { case: 'fault', value: { code: 'kernel-memory', message: `\u001b[31m${number}` } } }),
      ),
    });
    expectBounded(ran, 'failures', /the device reports more than 1000 failures/);
    expect(ran.err).not.toContain('\u001b[31m');
  });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
