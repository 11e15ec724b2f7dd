// QEMU's control socket: one command per connection, so that nothing stays open between commands.

import { connect } from 'node:net';

/** QEMU answers within milliseconds; a host under full load may stall it for seconds. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * @param {string} socketPath
 * @param {string} command
 * @param {Record<string, unknown>} [args]
 * @returns {Promise<unknown>} what the command returns
 */
export function qmp(socketPath, command, args = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    /** @param {string} why */
    const fail = (why) => {
      socket.destroy();
      reject(new Error(`cannot do ${command} in the virtual box: ${why}`));
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => fail('QEMU does not answer'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('QEMU closed the connection'));

    // The greeting comes first; the answer to qmp_capabilities second; ours third. Events may come between.
    const steps = [{ execute: 'qmp_capabilities' }, { execute: command, arguments: args }];
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.error) return fail(message.error.desc);
        if (message.event) continue;
        const step = steps.shift();
        if (step) {
          socket.write(`${JSON.stringify(step)}\n`);
        } else {
          resolve(message.return);
          return socket.destroy();
        }
      }
    });
  });
}
