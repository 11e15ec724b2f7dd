import { expect, test } from 'vitest';
import type { AgentClient } from '../../../electron/device/index.ts';
import { watchLink } from '../../../electron/session/heartbeat.ts';
import { FakeClock } from './fake-clock.ts';

/** An agent that answers pings while `answers`, and a watch over it. */
function watched() {
  const clock = new FakeClock();
  const agent = {
    answers: true,
    receivedBytes: 0,
    pings: 0,
    ping() {
      this.pings++;
      if (!this.answers) return new Promise(() => undefined);
      this.receivedBytes += 20;
      return Promise.resolve();
    },
  };
  const silences: number[] = [];
  const stop = watchLink(agent as unknown as AgentClient, clock, (ms) => silences.push(ms));
  return { clock, agent, silences, stop };
}

test('a link that answers is alive, and asked every two seconds', async () => {
  const { clock, agent, silences } = watched();
  await clock.pass(60_000);
  expect(silences).toEqual([]);
  expect(agent.pings).toBe(31);
});

test('a link over which anything comes is alive, though pings wait behind it', async () => {
  const { clock, agent, silences } = watched();
  agent.answers = false;
  for (let second = 0; second < 60; second++) {
    agent.receivedBytes++;
    await clock.pass(1000);
  }
  expect(silences).toEqual([]);
  expect(agent.pings).toBe(1);
});

test('silence for 15 seconds is told once', async () => {
  const { clock, agent, silences } = watched();
  await clock.pass(10_000);
  agent.answers = false;
  await clock.pass(60_000);
  expect(silences).toHaveLength(1);
  expect(silences[0]).toBeGreaterThanOrEqual(15_000);
  expect(silences[0]).toBeLessThan(19_000);
});

test('after the workstation slept, a link that lives gets the time to say so', async () => {
  const { clock, agent, silences } = watched();
  await clock.pass(4000);
  clock.sleep(3_600_000);
  agent.receivedBytes += 20; // what came while it slept is read a moment later
  await clock.pass(10_000);
  expect(silences).toEqual([]);
});

test('after the workstation slept, a link that is dead is told within six seconds', async () => {
  const { clock, agent, silences } = watched();
  await clock.pass(4000);
  agent.answers = false;
  clock.sleep(3_600_000);
  await clock.pass(6000);
  expect(silences).toHaveLength(1);
});

test('nothing happens after it was closed', async () => {
  const { clock, agent, silences, stop } = watched();
  agent.answers = false;
  stop();
  await clock.pass(60_000);
  expect(silences).toEqual([]);
});
