// Writes what a loader writes: bytes of bpf/loader/wire.h. Plain JavaScript, because the scripted loader runs it too.

/** Layouts of struct cpu_profile_row, net_flows_row, slow_syscalls_row and syscalls_row, as `loader describe` prints them. */
export const DESCRIPTION = {
  version: '0.1.0',
  machine: 'scripted',
  wire: { version: 1 },
  probes: [
    {
      id: 'cpu-profile',
      rowSize: 72,
      options: [],
      fields: [
        { name: 'cgroup', offset: 0, size: 8, kind: 'cgroup', role: 'key' },
        { name: 'kernel_stack', offset: 8, size: 8, kind: 'stack.kernel', role: 'key' },
        { name: 'user_stack', offset: 16, size: 8, kind: 'stack.user', role: 'key' },
        { name: 'tgid', offset: 24, size: 4, kind: 'tgid', role: 'key' },
        { name: 'tid', offset: 28, size: 4, kind: 'tid', role: 'key' },
        { name: 'cpu', offset: 32, size: 4, kind: 'cpu', role: 'key' },
        { name: 'user_space', offset: 36, size: 1, kind: 'stack.user.space', role: 'key' },
        { name: 'comm', offset: 40, size: 16, kind: 'comm', role: 'key' },
        { name: 'slot', offset: 56, size: 4, kind: 'u32', role: 'key' },
        { name: 'samples', offset: 64, size: 8, kind: 'u64', role: 'sum' },
      ],
    },
    {
      id: 'net-flows',
      rowSize: 248,
      options: [],
      fields: [
        { name: 'flow', offset: 16, size: 64, kind: 'flow', role: 'key' },
        { name: 'cgroup', offset: 80, size: 8, kind: 'cgroup', role: 'last' },
        { name: 'tgid', offset: 88, size: 4, kind: 'tgid', role: 'last' },
        { name: 'tid', offset: 92, size: 4, kind: 'tid', role: 'last' },
        { name: 'comm', offset: 96, size: 16, kind: 'comm', role: 'last' },
        { name: 'state', offset: 112, size: 4, kind: 'u32', role: 'last' },
        { name: 'errno', offset: 116, size: 4, kind: 'u32', role: 'max' },
        { name: 'own', offset: 120, size: 4, kind: 'u32', role: 'max' },
        { name: 'tries', offset: 124, size: 4, kind: 'u32', role: 'sum' },
        { name: 'sent', offset: 128, size: 8, kind: 'u64', role: 'sum' },
        { name: 'received', offset: 136, size: 8, kind: 'u64', role: 'sum' },
        { name: 'packets-sent', offset: 144, size: 8, kind: 'u64', role: 'sum' },
        { name: 'packets-received', offset: 152, size: 8, kind: 'u64', role: 'sum' },
        { name: 'retransmits', offset: 160, size: 8, kind: 'u64', role: 'sum' },
        { name: 'out-of-order', offset: 168, size: 8, kind: 'u64', role: 'sum' },
        { name: 'zero-windows', offset: 176, size: 8, kind: 'u64', role: 'sum' },
        { name: 'resets', offset: 184, size: 8, kind: 'u64', role: 'sum' },
        { name: 'rtt', offset: 192, size: 8, kind: 'u64', role: 'last' },
        { name: 'rtt-min', offset: 200, size: 8, kind: 'u64', role: 'min' },
        { name: 'jitter', offset: 208, size: 8, kind: 'u64', role: 'last' },
        { name: 'connect', offset: 216, size: 8, kind: 'u64', role: 'max' },
        { name: 'closing', offset: 224, size: 8, kind: 'u64', role: 'max' },
        { name: 'close-wait', offset: 232, size: 8, kind: 'u64', role: 'max' },
        { name: 'closed', offset: 240, size: 8, kind: 'u64', role: 'max' },
      ],
    },
    {
      id: 'slow-syscalls',
      rowSize: 392,
      options: [],
      fields: [
        { name: 'begun', offset: 0, size: 8, kind: 'u64', role: 'key' },
        { name: 'tid', offset: 8, size: 4, kind: 'tid', role: 'key' },
        { name: 'call', offset: 12, size: 4, kind: 'u32', role: 'key' },
        { name: 'duration', offset: 16, size: 8, kind: 'u64', role: 'max' },
        { name: 'result', offset: 24, size: 8, kind: 'bytes', role: 'any' },
        { name: 'args', offset: 32, size: 48, kind: 'bytes', role: 'any' },
        { name: 'cgroup', offset: 80, size: 8, kind: 'cgroup', role: 'key' },
        { name: 'user_stack', offset: 88, size: 8, kind: 'stack.user', role: 'any' },
        { name: 'tgid', offset: 96, size: 4, kind: 'tgid', role: 'key' },
        { name: 'life', offset: 100, size: 4, kind: 'life', role: 'key' },
        { name: 'errno', offset: 104, size: 4, kind: 'u32', role: 'max' },
        { name: 'finished', offset: 108, size: 4, kind: 'u32', role: 'sum' },
        { name: 'file', offset: 112, size: 4, kind: 'fd', role: 'any' },
        { name: 'user_space', offset: 116, size: 4, kind: 'stack.user.space', role: 'any' },
        { name: 'comm', offset: 120, size: 16, kind: 'comm', role: 'key' },
        { name: 'path', offset: 136, size: 256, kind: 'text', role: 'any' },
      ],
    },
    {
      id: 'syscalls',
      rowSize: 80,
      options: [],
      fields: [
        { name: 'tid', offset: 0, size: 4, kind: 'tid', role: 'key' },
        { name: 'call', offset: 4, size: 4, kind: 'u32', role: 'key' },
        { name: 'calls', offset: 16, size: 8, kind: 'u64', role: 'sum' },
        { name: 'total', offset: 24, size: 8, kind: 'u64', role: 'sum' },
        { name: 'longest', offset: 32, size: 8, kind: 'u64', role: 'max' },
        { name: 'cgroup', offset: 40, size: 8, kind: 'cgroup', role: 'key' },
        { name: 'tgid', offset: 48, size: 4, kind: 'tgid', role: 'key' },
        { name: 'life', offset: 52, size: 4, kind: 'life', role: 'key' },
        { name: 'errno', offset: 56, size: 4, kind: 'u32', role: 'key' },
        { name: 'bucket', offset: 60, size: 4, kind: 'u32', role: 'key' },
        { name: 'comm', offset: 64, size: 16, kind: 'comm', role: 'key' },
      ],
    },
  ],
};

export function message(type, batch, payload = Buffer.alloc(0)) {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeBigUInt64LE(BigInt(batch), 8);
  return Buffer.concat([header, payload]);
}

export function words64(...values) {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [i, value] of values.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), i * 8);
  return bytes;
}

export function words32(...values) {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeInt32LE(value | 0, i * 4);
  return bytes;
}

/** frames leaf first: numbers are addresses, `{ buildId, offset }` are build-id frames (then all must be, or `{ address }`). */
export function stack({ hash, space, frames }) {
  const head = Buffer.alloc(16);
  head.writeBigUInt64LE(BigInt(hash), 0);
  head.writeUInt16LE(frames.length, 8);
  head.writeUInt8(space, 10);
  return Buffer.concat([head, ...frames.map((frame) => (space === 2 ? buildIdFrame(frame) : words64(frame)))]);
}

function buildIdFrame({ buildId, offset, address }) {
  const bytes = Buffer.alloc(32);
  bytes.writeInt32LE(buildId ? 1 : 2, 0);
  if (buildId) Buffer.from(buildId, 'hex').copy(bytes, 4);
  bytes.writeBigUInt64LE(BigInt(offset ?? address), 24);
  return bytes;
}

export function row({
  cgroup = 0,
  kernel = 0,
  user = 0,
  space = user ? 1 : 0,
  tgid,
  tid = tgid,
  cpu = 0,
  comm = 'task',
  slot = 0,
  samples = 1,
}) {
  const bytes = Buffer.alloc(72);
  words64(cgroup, kernel, user).copy(bytes, 0);
  words32(tgid, tid, cpu).copy(bytes, 24);
  bytes.writeUInt8(space, 36);
  bytes.write(comm, 40, 15, 'latin1');
  bytes.writeUInt32LE(slot, 56);
  bytes.writeBigUInt64LE(BigInt(samples), 64);
  return bytes;
}

/** Of the probe syscalls. `cpu` is in the kernel's key, so two rows may differ in nothing that we are told. */
export function callRow({
  tgid,
  tid = tgid,
  life = 0,
  call,
  errno = 0,
  bucket = 10,
  calls = 1,
  total = calls * 2 ** bucket,
  longest = 2 ** bucket,
  cgroup = 0,
  cpu = 0,
  comm = 'task',
}) {
  const key = words32(tid, call, ((life & 0xffff) << 16) | cpu, (errno << 8) | bucket);
  const values = words64(calls, total, longest, cgroup);
  const bytes = Buffer.concat([key, values, words32(tgid, life, errno, bucket), Buffer.alloc(16)]);
  bytes.write(comm, 64, 15, 'latin1');
  return bytes;
}

/** Of the probe slow-syscalls. A path of raw bytes may have something behind its end. */
export function slowRow({
  tgid,
  tid = tgid,
  life = 0,
  call,
  begun,
  finished = 1,
  duration = 1e6,
  errno = 0,
  result = 0,
  args = [],
  path = '',
  fd = -1,
  user = 0,
  space = user ? 1 : 0,
  comm = 'task',
}) {
  const bytes = Buffer.alloc(392);
  words64(begun).copy(bytes, 0);
  words32(tid, call).copy(bytes, 8);
  words64(duration, result, ...args).copy(bytes, 16);
  words64(0, user).copy(bytes, 80);
  words32(tgid, life, errno, finished, fd, space).copy(bytes, 96);
  bytes.write(comm, 120, 15, 'latin1');
  bytes.write(path, 136, 255, 'latin1');
  return bytes;
}

/** struct wire_flow. Addresses are texts of IPv4, or 16 bytes. */
export function wireFlow({
  cookie = 1,
  opened = 0,
  netns = 0xf0000000,
  local = '10.0.0.2',
  remote = '10.0.0.9',
  localPort = 40000,
  remotePort = 1883,
  family = 4,
  protocol = 6,
  direction = 1,
  flags = 0,
}) {
  const bytes = Buffer.alloc(64);
  words64(cookie, opened, netns).copy(bytes, 0);
  addressBytes(local).copy(bytes, 24);
  addressBytes(remote).copy(bytes, 40);
  bytes.writeUInt16LE(localPort, 56);
  bytes.writeUInt16LE(remotePort, 58);
  Buffer.from([family, protocol, direction, flags]).copy(bytes, 60);
  return bytes;
}

function addressBytes(address) {
  return Buffer.from(typeof address === 'string' ? address.split('.').map(Number) : address);
}

/** Of the probe net-flows. */
export function flowRow({
  flow,
  tgid = 0,
  tid = tgid,
  comm = tgid === 0 ? '' : 'task',
  cgroup = 0,
  state = 0,
  errno = 0,
  own = 0,
  tries = 0,
  sent = 0,
  received = 0,
  packetsSent = 0,
  packetsReceived = 0,
  retransmits = 0,
  outOfOrder = 0,
  zeroWindows = 0,
  resets = 0,
  rtt = 0,
  rttMin = 0,
  jitter = 0,
  connect = 0,
  closing = 0,
  closeWait = 0,
  closed = 0,
}) {
  const bytes = Buffer.alloc(248);
  wireFlow(flow).copy(bytes, 16);
  words64(cgroup).copy(bytes, 80);
  words32(tgid, tid).copy(bytes, 88);
  bytes.write(comm, 96, 15, 'latin1');
  words32(state, errno, own, tries).copy(bytes, 112);
  const counts = [sent, received, packetsSent, packetsReceived, retransmits, outOfOrder, zeroWindows, resets];
  words64(...counts, rtt, rttMin, jitter, connect, closing, closeWait, closed).copy(bytes, 128);
  return bytes;
}

function rowOf(one) {
  if (one.flow !== undefined) return flowRow(one);
  if (one.begun !== undefined) return slowRow(one);
  return one.call === undefined ? row(one) : callRow(one);
}

function eventsOf(one) {
  if (one.flow !== undefined) return (one.packetsSent ?? 0) + (one.packetsReceived ?? 0);
  return one.samples ?? one.calls ?? one.finished ?? 1;
}

/** Counters that fit the rows, with `extra` on top: { idle, filtered, mapFull, stacksFull, incomplete, rateLimit }. */
export function counters(
  rows,
  { idle = 0, filtered = 0, mapFull = 0, stacksFull = 0, incomplete = 0, rateLimit = 0 } = {},
) {
  const kept = rows.reduce((sum, one) => sum + eventsOf(one), 0);
  return words64(
    kept + idle + filtered + mapFull + stacksFull + rateLimit,
    kept,
    idle,
    filtered,
    mapFull,
    stacksFull,
    incomplete,
    rateLimit,
  );
}

export function batch({ number, from, to, stacks = [], rows = [], extra }) {
  return Buffer.concat([
    message(2, number, words64(from, to)),
    ...(stacks.length ? [message(3, number, Buffer.concat(stacks.map(stack)))] : []),
    ...(rows.length ? [message(4, number, Buffer.concat(rows.map(rowOf)))] : []),
    message(5, number, counters(rows, extra)),
    message(6, number),
  ]);
}

export function ready({ cpus = 2, mapBytes = 4096 } = {}) {
  return message(1, 0, Buffer.concat([words32(1, cpus), words64(mapBytes, 0), words32(process.pid, process.pid)]));
}

export function fault(...texts) {
  return message(7, 0, Buffer.from(texts.map((text) => `${text}\0`).join('')));
}

/** The table of bpf/loader/kallsyms.c. symbols: [address, name, module?], ascending. */
export function kallsymsTable(symbols) {
  const offsets = new Map([['', 0]]);
  let names = '\0';
  const offsetOf = (name) => {
    if (!offsets.has(name)) {
      offsets.set(name, names.length);
      names += `${name}\0`;
    }
    return offsets.get(name);
  };
  const entries = symbols.map(([address, name, module = '']) =>
    Buffer.concat([words64(address), words32(offsetOf(name), offsetOf(module))]),
  );
  const head = Buffer.concat([Buffer.from('SONDEKS1'), words32(symbols.length, names.length)]);
  return Buffer.concat([head, ...entries, Buffer.from(names, 'latin1')]);
}
