// A DNS server in the box, which the box's own resolver asks.

import type { Box } from './box/boot.mjs';
import { startInBox } from './loader-checks.ts';

/** Knows there.test and long.test, is silent about silent.test, and says of all others that there are none. */
const SERVER = `
import select, socket, struct
def listen(family, address):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((address, 53))
    return s
sockets = [listen(socket.AF_INET, '127.0.0.1'), listen(socket.AF_INET6, '::1')]
while True:
    for s in select.select(sockets, [], [])[0]:
        query, asker = s.recvfrom(4096)
        question = query[12:query.index(0, 12) + 5]
        name, kind = question[:-4], struct.unpack('>H', question[-4:-2])[0]
        answers, code = [], 0
        if name.startswith(b'\\6silent'): continue
        elif name.startswith(b'\\5there'): answers = [bytes([10, 1, 2, 3])] if kind == 1 else [bytes([0xfd] + [0] * 14 + [7])]
        elif name.startswith(b'\\4long'): answers = [bytes([10, 1, 2, i]) for i in range(60)]
        else: code = 3
        head = query[:2] + struct.pack('>HHHHH', 0x8180 | code, 1, len(answers), 0, 0)
        s.sendto(head + question + b''.join(struct.pack('>HHHIH', 0xc00c, kind, 1, 60, len(a)) + a for a in answers), asker)
`;

/** Resolves with its process id when it listens. */
export async function startDnsServer(box: Box): Promise<number> {
  await box.ssh('cat > /tmp/server.py', { input: SERVER });
  await box.ssh(`printf 'nameserver 127.0.0.1\\noptions timeout:1 attempts:2\\n' > /etc/resolv.conf`);
  const pid = await startInBox(box, 'python3 /tmp/server.py');
  await box.ssh(`until ss -Hlun | grep -qF '[::1]:53'; do sleep 0.1; done`);
  return pid;
}
