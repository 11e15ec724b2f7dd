// A firewall in the box, without its programs: what `nft` would say to the kernel, in Python.

import type { Box } from './box/boot.mjs';

/** Of the IPv4 packets that leave: those to one port are dropped, those to another are refused by ICMP. */
const script = (dropped: number, refused: number) => `
import socket, struct
be = lambda value: struct.pack(">I", value)
def attr(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)
def nest(kind, *inside):
    return attr(kind | 0x8000, b"".join(inside))
def message(kind, flags, body, family=2, resource=0):
    data = struct.pack(">BBH", family, 0, resource) + body
    return struct.pack("IHHII", 16 + len(data), kind, flags, 1, 0) + data
def expression(name, *inside):
    return nest(1, attr(1, name.encode() + b"\\0"), nest(2, *inside))
def rule(port, verdict):
    to_port = expression("payload", attr(1, be(1)), attr(2, be(2)), attr(3, be(2)), attr(4, be(2)))
    is_it = expression("cmp", attr(1, be(1)), attr(2, be(0)), nest(3, attr(1, struct.pack(">H", port))))
    return message(0xa06, 0xc05, attr(1, b"sonde\\0") + attr(2, b"out\\0") + nest(4, to_port, is_it, verdict))
drop = expression("immediate", attr(1, be(0)), nest(2, nest(2, attr(1, be(0)))))
refuse = expression("reject", attr(1, be(0)), attr(2, bytes([13])))
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.send(b"".join([
    message(0x10, 1, b"", 0, 10),
    message(0xa00, 0x405, attr(1, b"sonde\\0")),
    message(0xa03, 0x405, attr(1, b"sonde\\0") + attr(3, b"out\\0") + nest(4, attr(1, be(3)), attr(2, be(0))) + attr(7, b"filter\\0")),
    rule(${dropped}, drop),
    rule(${refused}, refuse),
    message(0x11, 1, b"", 0, 10),
]))
for i in range(4):
    error = struct.unpack_from("i", s.recv(4096), 16)[0]
    if error: raise OSError(-error, "firewall")
`;

export async function addFirewall(box: Box, ports: { dropped: number; refused: number }): Promise<void> {
  const { code, stderr } = await box.ssh(
    `modprobe -a nf_tables nft_reject_ipv4; python3 -c '${script(ports.dropped, ports.refused)}'`,
  );
  if (code !== 0) throw new Error(stderr);
}
