import type { DeviceSignal } from '../../../remote-agent/protocol/signal.ts';
import { formatBytes, formatDuration } from '../../widgets/format.ts';

/** "Debian GNU/Linux 12", "Linux 6.1.0-18", "aarch64", "up 3 d 4 h", "4 CPUs", "2.0 GB": what matters most comes first. */
export function identityFacts(device: DeviceSignal, upSeconds: number): readonly string[] {
  return [
    device.osName,
    `Linux ${device.kernelRelease}`,
    device.machine,
    upSeconds > 0 ? `up ${formatDuration(upSeconds)}` : '',
    device.onlineCpus === 1 ? '1 CPU' : `${device.onlineCpus} CPUs`,
    formatBytes(device.memoryBytes),
  ].filter((fact) => fact !== '');
}

/** For the tooltip: what there is no room for. */
export function identityDetails(device: DeviceSignal): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Hardware', device.hardwareModel],
    ['Processor', device.cpuModel],
    ['Kernel', `${device.kernelRelease} ${device.kernelVersion}`],
    ['Kernel type information (BTF)', device.hasBtf ? 'yes' : 'no'],
    ['Node.js on the device', device.nodeVersion],
    ['Agent', device.agentVersion],
  ];
  return lines.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`])).join('\n');
}

/**
 * The newest data's time since boot. The monotonic clock stands still while a device sleeps; what it had slept when the
 * session began is added. It ticks with the data, and so stops when the link does.
 */
export function uptimeSeconds(device: DeviceSignal, firstNs: number, lastNs: number): number {
  if (lastNs === 0) return device.uptimeNs / 1e9;
  const sleptNs = Math.max(0, device.uptimeNs - firstNs);
  // Between the greeting and the first window lie seconds, not sleep.
  return (lastNs + (sleptNs > 60e9 ? sleptNs : 0)) / 1e9;
}
