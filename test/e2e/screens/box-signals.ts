// A made-up edge box for the screens: a gateway that bridges field sensors to a broker. Seeded: every run looks the same.
import type { CostSignal, DeviceSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { parseStacks, type SampledStack, signalsFromStacks } from '../../fixtures/signals.ts';

export const START_NS = 268_412e9;
const HZ = 99;
const CPUS = 4;

const STACKS = `
  mosquitto;_start@libc.so.6;main;mosquitto_main_loop;loop_handle_reads;packet__read;handle__publish;db__message_insert 22
  mosquitto;_start@libc.so.6;main;mosquitto_main_loop;mux_epoll__handle;epoll_wait@libc.so.6;__arm64_sys_epoll_pwait_[k];ep_poll_[k] 9
  mosquitto;_start@libc.so.6;main;mosquitto_main_loop;packet__write;SSL_write@libssl.so.3;ssl3_write_bytes@libssl.so.3;aes_v8_ctr32_encrypt@libcrypto.so.3 17
  bridge.py/python3;_start@libc.so.6;Py_BytesMain;run_[i];decode_[i];unpack_[i] 31
  bridge.py/python3;_start@libc.so.6;Py_BytesMain;run_[i];publish_[i];dumps_[i] 18
  bridge.py/serial-reader;clone@libc.so.6;poll_[i];read@libc.so.6;vfs_read_[k];tty_read_[k];n_tty_read_[k] 12
  modbusd;_start@libc.so.6;main;poll_bus;crc16 26
  modbusd;_start@libc.so.6;main;poll_bus;0x4a3f0@libvendor.so 6
  containerd;runtime.goexit;runtime.mcall;runtime.schedule;runtime.findRunnable 5
  ksoftirqd/0;ret_from_fork_[k];kthread_[k];run_ksoftirqd_[k];net_rx_action_[k];bcmgenet_rx_poll_[k] 8
`;

/** Device, clock, then a window and a cost for each second. */
export function boxSignals(seconds: number, { losing = false, isOld = false } = {}): readonly Signal[] {
  const random = seededRandom(7);
  const moments = seededRandom(11);
  const stacks = parseStacks(STACKS);
  const samples = Array.from({ length: seconds }, (_, second) => {
    const load = 0.35 + 0.25 * Math.sin(second / 19) + 0.3 * random() + (second % 61 < 6 ? 0.5 : 0);
    return stacks.map((stack, index) => {
      const count = Math.round((stack.samples ?? 1) * load * (0.6 + 0.8 * random()));
      return momentsOf(stack, index, second, count, moments).map((offsetMs) => ({
        ...stack,
        second,
        cpu: index % CPUS,
        samples: 1,
        offsetMs,
      }));
    });
  }).flat(2);
  const signals = signalsFromStacks(samples, {
    hz: HZ,
    cpus: CPUS,
    startNs: START_NS,
    realtimeMs: Date.UTC(2026, 4, 3, 12),
  });
  const onBox = signals.filter(isThere).map((signal) => asOnTheBox(signal, random, losing));
  return isOld ? onBox.map(withoutSlots) : onBox;
}

const POLL_MS = 200;
const SLOT_MS = 20;

/** When in its second each sample was taken: a bus that is polled, a job once a second that drifts, and noise. */
function momentsOf(
  stack: SampledStack,
  index: number,
  second: number,
  count: number,
  random: () => number,
): readonly number[] {
  const spread = Array.from({ length: count }, random);
  const inSlot = (ms: number) => Math.floor((((ms % 1000) + 1000) % 1000) / SLOT_MS) * SLOT_MS;
  if (stack.process === 'modbusd')
    return spread.map((at, i) => inSlot((i % (1000 / POLL_MS)) * POLL_MS + 40 + second * 3 + at * 40));
  if (stack.process === 'bridge.py' && index === 4) return spread.map((at) => inSlot(300 + second * 7 + at * 120));
  return spread.map((at) => inSlot(at * 1000));
}

/** As it was before samples were told apart within a second. */
function withoutSlots(signal: Signal): Signal {
  return signal.kind === 'window' ? { ...signal, columns: signal.columns.slice(0, 4) } : signal;
}

/** The link was cut for a while: a hole in the picture. And nothing has stopped the probe. */
function isThere(signal: Signal): boolean {
  if (signal.kind === 'probe') return signal.what.kind !== 'stopped';
  if (signal.kind !== 'window' && signal.kind !== 'cost') return true;
  const second = (signal.fromNs - START_NS) / 1e9;
  return second < 70 || second >= 78;
}

function asOnTheBox(signal: Signal, random: () => number, losing: boolean): Signal {
  if (signal.kind === 'device') return { ...signal, ...BOX };
  if (signal.kind === 'window') return withCounters(signal, losing);
  return signal.kind === 'cost' ? withNoise(signal, random) : signal;
}

const BOX: Partial<DeviceSignal> = {
  hostname: 'gateway-7',
  machine: 'aarch64',
  kernelRelease: '6.1.0-28-arm64',
  memoryBytes: 2_053_000_000,
  cpuModel: 'Cortex-A72',
  hardwareModel: 'Raspberry Pi Compute Module 4 Rev 1.1',
  hasBtf: false,
};

function withCounters(window: WindowSignal, losing: boolean): WindowSignal {
  const { kept } = window.counters;
  const second = (window.fromNs - START_NS) / 1e9;
  const isMerged = losing && second % 97 > 84;
  const count = isMerged ? Math.round(kept * 0.2) : 0;
  const seen = HZ * CPUS;
  const lost = count > 0 ? [{ cause: 'map-full', count }] : [];
  const idle = Math.max(0, seen - kept - count);
  const columns = isMerged ? [...window.columns.slice(0, 4), new Uint32Array(window.rows)] : window.columns;
  const incompleteStacks = Math.round(kept * 0.07);
  return { ...window, columns, counters: { seen, kept, idle, filtered: 0, lost, incompleteStacks } };
}

function withNoise(cost: CostSignal, random: () => number): CostSignal {
  const second = (cost.fromNs - START_NS) / 1e9;
  return {
    ...cost,
    agentCpuNs: Math.round(7e6 + 5e6 * random()),
    loaderCpuNs: Math.round(1.2e6 + 1e6 * random()),
    sentBytes: Math.round(7000 + 6000 * random()),
    deviceCpuBusyNs: Math.round((0.9 + 0.6 * Math.sin(second / 19) + 0.8 * random()) * 1e9),
    memoryAvailableBytes: 1.21e9,
  };
}
