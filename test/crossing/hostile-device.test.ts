/** What a hostile device may try before there is a session and in it: `sonde` says what is wrong, ends, and stays small. */
import { describe, expect, test } from 'vitest';
import { encodeFrame, encodePreamble } from '../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame } from '../../remote-agent/protocol/index.ts';
import { agentThat, end, GREETING, ignoreWindows, pour } from './hostile-device.ts';
import { MAX_PEAK_MB, type Ran, sondeAgainst, useHostileDevice } from './hostile-stage.ts';

useHostileDevice();

const MB = 1 << 20;
const NOTES = encodeFrame(encodeAgentFrame({ body: { case: 'note', value: { text: 'x'.repeat(60_000) } } }));
const noise = Buffer.alloc(64 << 10, 'no end ');

/** A fault in plain words, nothing of a stack, and no more memory than an honest device takes. */
function expectFault(ran: Ran, name: string, words: RegExp): void {
  console.log(`${name}: exit code ${ran.code}, at most ${Math.round(ran.peakMb)} MB\n  ${ran.err.split('\n').at(-3)}`);
  expect(ran.err, name).toMatch(words);
  expect(ran.err).not.toContain('an error in Sonde itself');
  expect(ran.code).toBeGreaterThanOrEqual(10);
  expect(ran.peakMb).toBeLessThan(MAX_PEAK_MB);
}

describe('before anything runs', () => {
  test('a greeting without an end', async () => {
    const ran = await sondeAgainst({ greet: (socket) => void pour(socket, () => Buffer.from('hello\n'.repeat(5000))) });
    expectFault(ran, 'greeting', /does not speak SSH/);
  });

  test('a greeting of one line without an end', async () => {
    const ran = await sondeAgainst({ greet: (socket) => void pour(socket, () => noise) });
    expectFault(ran, 'greeting of one line', /does not speak SSH|took longer/);
  });

  test('requests without an end, and no answer is read', async () => {
    const ran = await sondeAgainst({
      login: (connection) => {
        const { _protocol: protocol, _sock: socket } = connection as unknown as {
          _protocol: { ping(): void };
          _sock: { pause(): void; destroyed: boolean; writableLength: number };
        };
        socket.pause();
        const ask = () => {
          for (let i = 0; i < 2000 && socket.writableLength < MB; i++) protocol.ping();
          if (!socket.destroyed) setImmediate(ask);
        };
        ask();
      },
    });
    expectFault(ran, 'requests', /reads no answers/);
  });

  test('gigabytes in answer to the first look', async () => {
    const ran = await sondeAgainst({ detect: (channel) => void pour(channel, () => noise) });
    expectFault(ran, 'answer', /answered with more than/);
  });

  test('a first look that lists a million places and mounts', async () => {
    const ran = await sondeAgainst({
      detect: (channel) => {
        const places = 'place /a ok /a\n'.repeat(100_000);
        const mounts = 'x /a/b ext4\n'.repeat(100_000);
        const head = '=== sonde section uname ===\nLinux x 6.1 x86_64\n=== sonde section sudo ===\nroot\n';
        const files = '=== sonde section files-of-the-kernel ===\n==> /proc/mounts <==\n';
        end(channel, `${head}${files}${mounts}=== sonde section places ===\n${places}`);
      },
    });
    expectFault(ran, 'places', /the device has no Node/);
  });

  test('complaints without an end while a file is sent', async () => {
    const ran = await sondeAgainst({
      upload: (channel) => {
        channel.resume();
        void pour(channel.stderr as unknown as Parameters<typeof pour>[0], () => noise);
      },
    });
    expectFault(ran, 'complaints', /cannot send .* to the device/);
  });

  test('packets of no bytes, and of one', async () => {
    const none = await sondeAgainst({ packetSize: 0, upload: (channel) => void channel.resume() });
    expectFault(none, 'packets of no bytes', /packets/);
    const one = await sondeAgainst({ packetSize: 1, upload: (channel) => void channel.resume() });
    expectFault(one, 'packets of one byte', /packets/);
  });
});

describe('an agent', () => {
  test('that talks on where it was not asked to', async () => {
    const ran = await sondeAgainst({
      agent: async (channel) => {
        channel.resume();
        ignoreWindows(channel);
        // No welcome comes first, so nobody listens yet: this stays unread.
        channel.write(encodePreamble());
        await pour(channel, () => NOTES);
      },
    });
    expectFault(ran, 'more than the window', /sends more than it was asked for/);
  });

  test('whose standard error has no end', async () => {
    const ran = await sondeAgainst({
      agent: (channel) => {
        channel.resume();
        ignoreWindows(channel);
        void pour(channel.stderr as unknown as Parameters<typeof pour>[0], () => noise);
      },
    });
    expectFault(ran, 'standard error', /the device complains without end/);
  });

  test('that claims a frame of four gigabytes', async () => {
    const ran = await sondeAgainst({ agent: agentThat(() => Buffer.from([0xff, 0xff, 0xff, 0xff])) });
    expectFault(ran, 'four gigabytes', /a frame claims to be 4294967295 bytes long/);
  });

  test('whose greeting never comes', async () => {
    const ran = await sondeAgainst({ agent: async (channel) => void (await pour(channel, () => noise)) });
    expectFault(ran, 'no greeting', /does not speak the Sonde protocol/);
  });

  test('that greets and greets', async () => {
    const ran = await sondeAgainst({
      agent: async (channel) => {
        channel.resume();
        channel.write(GREETING);
        await pour(channel, () => Buffer.alloc(4096)); // empty frames
      },
    });
    expectFault(ran, 'empty frames', /the agent did not say within/);
  });
});
