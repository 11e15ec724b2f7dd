/** What a capture's file says of the device it is from. */
import { SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import type { CaptureFileFacts } from './capture-file.ts';

/** A clock that is off by less is as good as any. */
const CLOCK_TOLERANCE_MS = 1000;

/** The part of what is known of a device that is said. */
export interface CapturedDevice {
  readonly hostname: string;
  readonly machine: string;
  readonly osName: string;
  readonly kernelRelease: string;
  /** Device minus workstation. */
  readonly clockOffsetMs: number;
}

export function captureFileFacts(device: CapturedDevice, filter: string, maxBytes: number | null): CaptureFileFacts {
  return {
    hardware: device.machine,
    os: `${device.osName}, Linux ${device.kernelRelease}`,
    application: `Sonde ${SONDE_VERSION}`,
    comment: [`Captured on ${device.hostname}`, ...clockWords(device.clockOffsetMs)].join('\n'),
    filter,
    maxBytes,
  };
}

/** Times in the file are the device's, as those of its logs are. */
function clockWords(offsetMs: number): string[] {
  if (Math.abs(offsetMs) < CLOCK_TOLERANCE_MS) return [];
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(1);
  return [`Its clock was ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the workstation's`];
}
