import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  addressNames,
  type DnsMessage,
  dnsCodeMeaning,
  dnsCodeName,
  dnsTypeName,
  parseDns,
} from '../../../remote-agent/protocol/index.ts';
import { RESPONSE, writeDns, type WrittenMessage, type WrittenRecord } from './dns-writer.ts';

const [A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, OPT, HTTPS, CAA] = [1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 65, 257];
const KEPT = 512;

function read(bytes: Uint8Array, size = bytes.length): DnsMessage {
  const message = parseDns(bytes, size, KEPT);
  if (!message) throw new Error('no DNS');
  return message;
}

const written = (message: WrittenMessage) => read(writeDns(message));
const dataOf = (record: WrittenRecord) => written({ answers: [record] }).answers[0]?.data;
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

describe('a message', () => {
  it('as it was on a wire: example.com AAAA, with EDNS', () => {
    const query = bytesOf(
      '1dc4 0120 0001 0000 0000 0001 07 6578616d706c65 03 636f6d 00 001c 0001 00 0029 04d0 00000000 0000',
    );
    expect(read(query)).toEqual({
      id: 0x1dc4,
      isResponse: false,
      opcode: 0,
      isAuthoritative: false,
      isTruncated: false,
      code: 0,
      questions: [{ name: 'example.com', type: AAAA }],
      answers: [],
      authorities: [],
      additionals: [],
      extendedError: null,
      flaw: 'none',
    });
  });

  it('is whole without the zeros at its end, which blobs lose', () => {
    const query = writeDns({
      flags: 0,
      questions: [{ name: 'a.b', type: A }],
      additionals: [{ name: '.', type: OPT, data: [] }],
    });
    const trimmed = query.subarray(0, query.findLastIndex((byte) => byte !== 0) + 1);
    expect(trimmed.length).toBeLessThan(query.length);
    expect(read(trimmed, query.length)).toEqual(read(query));
  });

  it('has a code whose upper bits travel elsewhere, and a reason in the words of the server', () => {
    const options = [0, 15, 0, 8, 0, 9, ...Buffer.from('no key')];
    const message = written({
      flags: RESPONSE,
      additionals: [{ name: '.', type: OPT, ttl: 0x01000000, data: options }],
    });
    expect(message.code).toBe(16);
    expect(message.extendedError).toEqual({ code: 9, text: 'no key' });
    expect(message.additionals).toEqual([]);
  });

  it.each<[string, WrittenRecord, string]>([
    ['A', { name: 'x', type: A, data: [10, 0, 2, 15] }, '10.0.2.15'],
    ['AAAA', { name: 'x', type: AAAA, data: [0xfe, 0x80, ...Array.from({ length: 13 }, () => 0), 1] }, 'fe80::1'],
    ['CNAME', { name: 'x', type: CNAME, data: (pen) => pen.name('www.x') }, 'www.x'],
    ['NS of the root', { name: '.', type: NS, data: (pen) => pen.name('.') }, '.'],
    ['MX', { name: 'x', type: MX, data: (pen) => pen.u16(10).name('mail.x') }, '10 mail.x'],
    ['SRV', { name: 'x', type: SRV, data: (pen) => pen.u16(1).u16(2).u16(1883).name('mqtt.x') }, '1 2 1883 mqtt.x'],
    ['TXT', { name: 'x', type: TXT, data: (pen) => pen.text('a "b"').text('\u001b[31m') }, '"a \\"b\\"" "\\\\x1b[31m"'],
    [
      'SOA',
      { name: 'x', type: SOA, data: (pen) => pen.name('ns.x').name('me.x').u32(7).u32(1).u32(2).u32(3).u32(4) },
      'ns.x me.x 7 1 2 3 4',
    ],
    ['CAA', { name: 'x', type: CAA, data: (pen) => pen.u8(0).text('issue').u8(0x61, 0x62) }, '0 issue "ab"'],
    [
      'HTTPS',
      {
        name: 'x',
        type: HTTPS,
        data: [0, 1, 0, 0, 1, 0, 3, 2, 0x68, 0x32, 0, 3, 0, 2, 1, 187, 0, 4, 0, 4, 1, 2, 3, 4],
      },
      '1 . alpn=h2 port=443 ipv4hint=1.2.3.4',
    ],
    ['a type without a name', { name: 'x', type: 4711, data: [1, 255] }, '\\# 2 01ff'],
    ['an address of five bytes', { name: 'x', type: A, data: [1, 2, 3, 4, 5] }, '\\# 5 0102030405'],
    ['an empty one', { name: 'x', type: A, data: [] }, '\\# 0'],
    ['a text that is longer than its record', { name: 'x', type: TXT, data: [9, 1] }, '\\# 2 0901'],
  ])('with %s', (_what, record, data) => {
    expect(dataOf(record)).toBe(data);
  });

  it('with hostile labels, which stay on one line and cannot be taken for several', () => {
    const name = [5, 0x61, 0x2e, 0x5c, 0x0a, 0xff, 3, 0xe6, 0xb8, 0xa9, 0];
    const message = read(Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, 1, 0, 1]));
    expect(message.questions).toEqual([{ name: 'a\\.\\\\\\x0a\\xff.温', type: A }]);
  });
});

describe('a message that is not as it should be', () => {
  const HEADER = [0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];

  it.each([
    ['points at itself', [0xc0, 12]],
    ['points forward', [0xc0, 14, 0, 0]],
    ['goes in a circle', [1, 0x61, 0xc0, 12]],
    ['has a label of 64', [64]],
    ['is longer than 255', [...Array.from({ length: 128 }, () => [1, 0x61]).flat(), 0]],
    ['goes on behind the message', [5, 0x61]],
    ['points with half a pointer', [0xc0]],
  ])('a name that %s', (_what, name) => {
    const message = read(Uint8Array.from([...HEADER, ...name, ...(name.length > 100 ? [0, 1, 0, 1] : [])]));
    expect(message).toMatchObject({ questions: [], flaw: 'malformed' });
  });

  it('gives what came before the cut', () => {
    const records = Array.from({ length: 40 }, (_, i) => ({ name: `host${i}.example`, type: A, data: [10, 0, 0, i] }));
    const whole = writeDns({ questions: [{ name: 'example', type: A }], answers: records });
    const message = read(whole.subarray(0, KEPT), whole.length);
    expect(message.flaw).toBe('cut');
    expect(message.answers.length).toBeGreaterThan(10);
    expect(message.answers).toEqual(read(whole.subarray(0, KEPT), whole.length).answers);
    expect(message.answers.at(-1)).toMatchObject({ name: `host${message.answers.length - 1}.example` });
  });

  it('is none without a header', () => {
    expect(parseDns(new Uint8Array(11), 11, KEPT)).toBeNull();
    expect(parseDns(new Uint8Array(0), 0, KEPT)).toBeNull();
    expect(parseDns(new Uint8Array(0), 12, KEPT)).toMatchObject({ id: 0, flaw: 'none' });
  });

  it('never raises, reads no more than there is, and shows nothing unsafe, whatever the bytes', () => {
    const arbitrary = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      // Most bytes are pointers, short labels and types with formats: deeper than noise gets.
      fc
        .array(fc.constantFrom(0, 1, 2, 5, 12, 16, 33, 65, 0xc0, 0xc1), { maxLength: 600 })
        .map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 0, max: 70000 }), (bytes, size) => {
        const message = parseDns(bytes, size, KEPT);
        if (!message) return;
        const records = [...message.answers, ...message.authorities, ...message.additionals];
        const texts = [...message.questions, ...records].flatMap(({ name, ...rest }) => [
          name,
          'data' in rest ? rest.data : '',
        ]);
        expect(records.length).toBeLessThanOrEqual(Math.max(bytes.length, Math.min(size, KEPT)) / 11);
        for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        for (const { address } of addressNames(message)) expect(address).toMatch(/^[\da-f.:]+$/);
      }),
      { numRuns: 1500 },
    );
  });

  it('cut anywhere, it has a part of what it had whole', () => {
    const whole = writeDns({
      questions: [{ name: 'www.example.com', type: A }],
      answers: [
        { name: 'www.example.com', type: CNAME, data: (pen) => pen.name('edge.example.com') },
        { name: 'edge.example.com', type: A, data: [10, 9, 8, 7] },
        { name: 'edge.example.com', type: TXT, data: (pen) => pen.text('x'.repeat(200)) },
      ],
    });
    const all = read(whole);
    for (let length = 12; length < whole.length; length++) {
      const part = parseDns(whole.subarray(0, length), whole.length, length) as DnsMessage;
      expect(part.flaw).toBe('cut');
      expect(all.questions.slice(0, part.questions.length)).toEqual(part.questions);
      expect(all.answers.slice(0, part.answers.length)).toEqual(part.answers);
    }
  });
});

describe('names of addresses', () => {
  const namesOf = (message: WrittenMessage) =>
    addressNames(written(message)).map(({ address, name }) => `${address} ${name}`);

  it('are those that were asked for, over any number of other names, in any order and case', () => {
    expect(
      namesOf({
        questions: [{ name: 'API.Example.com', type: A }],
        answers: [
          { name: 'edge7.cdn.net', type: A, data: [10, 0, 0, 7] },
          { name: 'cdn.net', type: CNAME, data: (pen) => pen.name('edge7.cdn.net') },
          { name: 'api.example.com', type: CNAME, data: (pen) => pen.name('CDN.net') },
          { name: 'other.net', type: A, data: [10, 0, 0, 8] },
        ],
      }),
    ).toEqual(['10.0.0.7 API.Example.com', '10.0.0.8 other.net']);
  });

  it('come from reverse answers, too', () => {
    const nibbles = `1${'.0'.repeat(30)}.2.ip6.arpa`;
    const asks = (name: string) => namesOf({ answers: [{ name, type: PTR, data: (pen) => pen.name('gateway.lan') }] });
    expect(asks('15.2.0.10.IN-ADDR.arpa')).toEqual(['10.0.2.15 gateway.lan']);
    expect(asks(nibbles)).toEqual(['2000::1 gateway.lan']);
    for (const name of [
      '256.0.0.1.in-addr.arpa',
      '1.in-addr.arpa',
      '01.0.0.1.in-addr.arpa',
      'x.ip6.arpa',
      '_mqtt._tcp.local',
    ])
      expect(asks(name), name).toEqual([]);
  });

  it('are none in queries, failures and circles', () => {
    const answers = [{ name: 'a', type: A, data: [1, 2, 3, 4] }];
    expect(namesOf({ flags: 0, answers })).toEqual([]);
    expect(namesOf({ flags: RESPONSE | 3, answers })).toEqual([]);
    const circle = ['a', 'b'].map((name, i) => ({
      name,
      type: CNAME,
      data: (pen: { name(n: string): unknown }) => void pen.name('ba'[i] ?? ''),
    }));
    expect(namesOf({ questions: [{ name: 'a', type: A }], answers: [...circle, ...answers] })).toEqual(['1.2.3.4 a']);
  });
});

it('numbers have the names that people use', () => {
  expect([A, AAAA, HTTPS, 4711].map((type) => dnsTypeName(type ?? 0))).toEqual(['A', 'AAAA', 'HTTPS', 'TYPE4711']);
  expect([0, 2, 3, 16, 77].map(dnsCodeName)).toEqual(['NOERROR', 'SERVFAIL', 'NXDOMAIN', 'BADVERS', 'RCODE77']);
  expect([dnsCodeMeaning(3), dnsCodeMeaning(77)]).toEqual(['There is no such name', '']);
});

it('reads what a real resolver writes, and writes what it reads', async () => {
  const seen: DnsMessage[] = [];
  const server = createSocket('udp4', (bytes, from) => {
    const query = read(bytes);
    const [question] = query.questions;
    if (!question) return;
    seen.push(query);
    const isThere = question.name === 'there.test';
    const answer = {
      name: question.name,
      type: MX ?? 0,
      data: (pen: { u16(n: number): { name(n: string): unknown } }) => void pen.u16(5).name('mx.there.test'),
    };
    server.send(
      writeDns({
        id: query.id,
        flags: RESPONSE | (isThere ? 0 : 3),
        questions: [question],
        answers: isThere ? [answer] : [],
      }),
      from.port,
      from.address,
    );
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 20_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${(server.address() as AddressInfo).port}`]);
  expect(await resolver.resolveMx('there.test')).toEqual([{ exchange: 'mx.there.test', priority: 5 }]);
  await expect(resolver.resolveMx('nowhere.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  expect(seen.map(({ questions, flaw, isResponse }) => ({ questions, flaw, isResponse }))).toEqual(
    ['there.test', 'nowhere.test'].map((name) => ({
      questions: [{ name, type: MX }],
      flaw: 'none',
      isResponse: false,
    })),
  );
});
