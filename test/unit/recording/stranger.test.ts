/** A recording as other people's tools see it: read with the MCAP library alone, decoded with the schemas inside. */
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createFileRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import * as zstd from '@foxglove/wasm-zstd';
import { McapIndexedReader, McapStreamReader, McapWriter } from '@mcap/core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { readBack, record, temporaryFolder } from './helpers.ts';

beforeAll(async () => {
  await zstd.isLoaded;
});

const decompressHandlers = {
  zstd: (bytes: Uint8Array, size: bigint): Uint8Array => new Uint8Array(zstd.decompress(bytes, Number(size))),
};

async function indexed(file: string): Promise<McapIndexedReader> {
  const handle = await open(file);
  onTestFinished(() => handle.close());
  const readable = {
    size: async () => BigInt((await handle.stat()).size),
    read: async (offset: bigint, length: bigint) => {
      const bytes = new Uint8Array(Number(length));
      await handle.read(bytes, 0, bytes.length, Number(offset));
      return bytes;
    },
  };
  return McapIndexedReader.Initialize({ readable, decompressHandlers });
}

async function sample(): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks('nginx;main;read_[k] 2\nnginx;main 1 @1', { hostname: 'edge-7' }), {
    now: () => 1_800_000_000_000,
  });
  return file;
}

test('channels, schemas and times', async () => {
  const reader = await indexed(await sample());
  const topics = [...reader.channelsById.values()].map((channel) => channel.topic).toSorted();
  expect(topics).toEqual(['/clock', '/cost', '/definitions', '/device', '/note', '/probe', '/window/cpu-profile']);
  expect(reader.statistics).toMatchObject({ messageCount: 9n, chunkCount: 3, channelCount: 7 });
  expect(reader.metadataIndexes.map((index) => index.name)).toEqual(['sonde', 'sonde-clock']);
  const messages = [];
  for await (const message of reader.readMessages({ validateCrcs: true })) messages.push(message);
  expect(messages.map((message) => message.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(messages[4]?.logTime).toBe(1_800_000_001_000_000_000n); // the window's end, one second after the first timed record
});

test('the schema inside is enough to read a message', async () => {
  const reader = await indexed(await sample());
  const texts: string[] = [];
  for await (const message of reader.readMessages()) {
    const channel = reader.channelsById.get(message.channelId);
    const schema = reader.schemasById.get(channel?.schemaId ?? 0);
    if (!schema) throw new Error('a message without schema');
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, schema.data));
    const type = registry.getMessage(schema.name);
    if (!type) throw new Error(`the schema does not hold ${schema.name}`);
    const json = toJson(type, fromBinary(type, message.data)) as Record<string, unknown>;
    texts.push(`${channel?.topic} ${Object.keys(json).join(' ')}`);
  }
  expect(texts).toMatchInlineSnapshot(`
    [
      "/device hostname machine kernelRelease kernelVersion osName onlineCpus memoryBytes bootId uptimeNs cpuModel hardwareModel hasBtf agentVersion nodeVersion pageSize runId",
      "/clock monotonicNs realtimeNs uncertaintyNs",
      "/probe probe atNs started",
      "/definitions processes threads modules frames firstStack stackParents stackFrames",
      "/window/cpu-profile probe fromNs toNs rows columns counters drains",
      "/cost fromNs toNs agentCpuNs loaderCpuNs bpfCpuNs agentResidentBytes loaderResidentBytes kernelMapBytes sentBytes deviceCpuBusyNs memoryAvailableBytes",
      "/window/cpu-profile probe fromNs toNs rows columns counters drains",
      "/cost fromNs toNs agentCpuNs loaderCpuNs bpfCpuNs agentResidentBytes loaderResidentBytes kernelMapBytes sentBytes deviceCpuBusyNs memoryAvailableBytes",
      "/probe probe atNs stopped",
    ]
  `);
});

test('a streaming reader reads it, too', async () => {
  const reader = new McapStreamReader({ decompressHandlers });
  reader.append(await readFile(await sample()));
  let messages = 0;
  for (let next; (next = reader.nextRecord()); ) if (next.type === 'Message') messages += 1;
  expect(messages).toBe(9);
  expect(reader.done()).toBe(true);
});

test.each([
  ['without chunks', { useChunks: false }],
  ['with schemas inside its chunks', { useChunks: true }],
])('a recording that another tool rewrote %s opens', async (_, options) => {
  const file = await sample();
  const original = await readBack(file);
  const source = await indexed(file);
  const handle = await open(`${file}.rewritten`, 'w');
  let position = 0n;
  const writable = {
    position: () => position,
    write: async (bytes: Uint8Array) => void (position += BigInt((await handle.write(bytes)).bytesWritten)),
  };
  const writer = new McapWriter({ writable, ...options });
  await writer.start({ profile: '', library: 'someone else' });
  const ids = new Map<number, number>();
  for (const channel of source.channelsById.values()) {
    const schema = source.schemasById.get(channel.schemaId)!;
    ids.set(channel.id, await writer.registerChannel({ ...channel, schemaId: await writer.registerSchema(schema) }));
  }
  for await (const message of source.readMessages())
    await writer.addMessage({ ...message, channelId: ids.get(message.channelId) ?? 0 });
  await writer.end();
  await handle.close();
  expect(await readBack(`${file}.rewritten`)).toEqual(original);
});
