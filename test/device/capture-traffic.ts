// Traffic whose numbers are known, made in the box by programs that have names of their own.
import type { Box } from './box/boot.mjs';

/** Takes datagrams until it is ended: whoever sends knows how many. */
const SINK = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
s.bind(('0.0.0.0', 5000))
while True: s.recv(65536)
`;

/** Answers what it gets, in a process of its own for each connection. */
const ECHO = `
import os, signal, socket
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('::', 1883))
s.listen(64)
while True:
    c, _ = s.accept()
    if os.fork() == 0:
        s.close()
        while True:
            data = c.recv(65536)
            if not data: os._exit(0)
            c.sendall(data)
    c.close()
`;

/** FROM ADDRESS PORT COUNT BYTES: datagrams from one port, each with its number in front. */
const SENDER = `
import socket, sys, time
address, port, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 6000))
for i in range(count):
    s.sendto(i.to_bytes(4, 'big') + bytes(size - 4), (address, port))
    if i % 50 == 49: time.sleep(0.01)
time.sleep(1)
`;

/** ADDRESS PORT ROUNDS: says something, waits for the answer, and again, on one connection. */
const TALKER = `
import socket, sys, time
c = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for i in range(int(sys.argv[3])):
    c.sendall(b'x' * 1000)
    got = 0
    while got < 1000: got += len(c.recv(65536))
    time.sleep(0.05)
c.close()
time.sleep(1)
`;

const PROGRAMS = { sink: SINK, echo: ECHO, sender: SENDER, talker: TALKER };

/** Puts each program into the box under its own name, which is what the kernel calls its processes. */
export async function bringTraffic(box: Box): Promise<void> {
  for (const [name, text] of Object.entries(PROGRAMS))
    await box.ssh(
      `mkdir -p /opt/traffic && cat > /opt/traffic/${name}.py && ln -sf $(command -v python3) /opt/traffic/${name}`,
      {
        input: text,
      },
    );
}

export type TrafficProgram = keyof typeof PROGRAMS;

/** The command that runs one. */
export function traffic(name: TrafficProgram, ...words: readonly (string | number)[]): string {
  return `/opt/traffic/${name} /opt/traffic/${name}.py ${words.join(' ')}`;
}
