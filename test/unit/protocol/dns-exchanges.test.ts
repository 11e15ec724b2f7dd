import { describe, expect, it } from 'vitest';
import {
  type DnsExchange,
  DnsExchanges,
  type DnsMessage,
  isMulticastDns,
  parseDns,
} from '../../../remote-agent/protocol/index.ts';
import { QUERY, RESPONSE, writeDns, type WrittenMessage } from './dns-writer.ts';

const [A, AAAA, NXDOMAIN] = [1, 28, 3];

function message(written: WrittenMessage): DnsMessage {
  const bytes = writeDns(written);
  return parseDns(bytes, bytes.length, 512) as DnsMessage;
}

const query = (name: string, id = 1, type = A) => message({ id, flags: QUERY, questions: [{ name, type }] });
const response = (name: string, id = 1, code = 0, type = A) =>
  message({ id, flags: RESPONSE | code, questions: [{ name, type }] });

interface Step {
  readonly at: number;
  readonly message: DnsMessage;
  readonly isIncoming?: boolean;
  readonly flow?: number;
  readonly thread?: number;
  readonly isMulticast?: boolean;
}

function play(...steps: Step[]): { told: string[]; unasked: number } {
  const exchanges = new DnsExchanges();
  let unasked = 0;
  for (const { at, message: said, flow = 1, thread = 1, isMulticast = false, isIncoming = said.isResponse } of steps)
    if (!exchanges.add({ flow, thread, atNs: at, isIncoming, isMulticast, message: said })) unasked += 1;
  return { told: exchanges.all.map(tell), unasked };
}

function tell({ question, tries, latencyNs, answer, isServed, askedNs }: DnsExchange): string {
  const end = answer ? `${latencyNs} ns, code ${answer.code}` : 'no answer';
  return `${isServed ? 'asked us' : 'asked'} ${question.name} at ${askedNs}${tries > 1 ? ` ${tries} times` : ''}: ${end}`;
}

describe('queries and answers', () => {
  it('belong together by flow, number and question', () => {
    expect(
      play(
        { at: 10, message: query('a', 1) },
        { at: 11, message: query('a', 2, AAAA) },
        { at: 12, message: query('b', 1), flow: 2 },
        { at: 20, message: response('A', 2, 0, AAAA) },
        { at: 31, message: response('b', 1, NXDOMAIN), flow: 2 },
        { at: 40, message: response('a', 1), flow: 2 },
        { at: 41, message: response('evil', 1) },
      ),
    ).toEqual({
      told: ['asked a at 10: no answer', 'asked a at 11: 9 ns, code 0', 'asked b at 12: 19 ns, code 3'],
      unasked: 2,
    });
  });

  it('may be asked several times, and are answered once', () => {
    expect(
      play(
        { at: 10, message: query('a') },
        { at: 5010, message: query('a') },
        { at: 5020, message: response('a') },
        { at: 5021, message: response('a') },
        { at: 6000, message: query('a') },
      ),
    ).toEqual({ told: ['asked a at 10 2 times: 5010 ns, code 0', 'asked a at 6000: no answer'], unasked: 1 });
  });

  it('go the other way where the box is the server', () => {
    expect(
      play(
        { at: 10, message: query('a'), isIncoming: true },
        { at: 11, message: query('a') },
        { at: 15, message: response('a'), isIncoming: false },
        { at: 16, message: response('a') },
      ).told,
    ).toEqual(['asked us a at 10: 5 ns, code 0', 'asked a at 11: 5 ns, code 0']);
  });

  it('belong together where a server that understood nothing repeats nothing', () => {
    expect(
      play({ at: 10, message: query('a', 7) }, { at: 12, message: message({ id: 7, flags: RESPONSE | 1 }) }).told,
    ).toEqual(['asked a at 10: 2 ns, code 1']);
  });

  it('have nothing to do with each other when a number is used anew', () => {
    expect(
      play({ at: 10, message: query('a') }, { at: 20, message: query('b') }, { at: 30, message: response('a') }),
    ).toEqual({ told: ['asked a at 10: no answer', 'asked b at 20: no answer'], unasked: 1 });
  });
});

describe('over multicast', () => {
  const answers = [{ name: 'Camera.local', type: A, data: [10, 0, 0, 9] }];

  it('anyone answers, from anywhere, without number and question', () => {
    const isMulticast = true;
    expect(
      play(
        { at: 10, message: query('camera.local', 0), isMulticast, flow: 1 },
        { at: 11, message: query('camera.local', 0), isMulticast, flow: 3, thread: 2 },
        { at: 15, message: message({ id: 0, answers }), isMulticast, flow: 2 },
        { at: 16, message: message({ id: 0, answers }), isMulticast, flow: 2 },
      ),
    ).toEqual({
      told: ['asked camera.local at 10: 5 ns, code 0', 'asked camera.local at 11: no answer'],
      unasked: 1,
    });
  });

  it('is what its ports say', () => {
    expect([isMulticastDns(5353, 5353), isMulticastDns(40000, 5355), isMulticastDns(40000, 53)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

it('a box that asks and asks is not remembered for ever', () => {
  const exchanges = new DnsExchanges();
  const ask = (flow: number) =>
    exchanges.add({ flow, thread: 1, atNs: flow, isIncoming: false, isMulticast: false, message: query('a') });
  for (let flow = 0; flow <= 65536; flow++) ask(flow);
  const answer = (flow: number) =>
    exchanges.add({ flow, thread: 1, atNs: 1e6, isIncoming: true, isMulticast: false, message: response('a') });
  expect(answer(0)).toBeNull();
  expect(answer(1)).toMatchObject({ latencyNs: 1e6 - 1 });
});
