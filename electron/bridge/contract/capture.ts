/** Packets of a device, into a file. */
import type { Fault } from '../../../remote-agent/protocol/fault.ts';

/** Packets of the device, into a file that the user chose in the dialog of `choose-capture-file`. */
export interface CaptureOrder {
  readonly file: string;
  /** pcap syntax; '' = everything. */
  readonly filter: string;
  /** Bytes taken of each packet. */
  readonly snapBytes: number;
  /** Of packets, per second; null = no limit. */
  readonly rateBytes: number | null;
  readonly ratePackets: number | null;
  /** The file gets no larger; null = no limit. */
  readonly maxBytes: number | null;
  readonly maxSeconds: number | null;
}

export interface CaptureCount {
  /** In the file, and the bytes of the network they stand for. */
  readonly packets: number;
  readonly packetBytes: number;
  readonly fileBytes: number;
  readonly lostPackets: number;
}

/** One capture at a time; the last one's end is shown until the next. */
export type CaptureView =
  | { readonly kind: 'starting'; readonly order: CaptureOrder }
  | {
      readonly kind: 'running';
      readonly order: CaptureOrder;
      readonly count: CaptureCount;
      readonly seconds: number;
      readonly isStopping: boolean;
      /** Sonde's own SSH connection could not be told from others, so its packets are in the file. */
      readonly hasOwn: boolean;
    }
  | {
      readonly kind: 'ended';
      readonly order: CaptureOrder;
      readonly how: 'asked' | 'max-seconds' | 'max-size' | 'failed';
      readonly count: CaptureCount;
      readonly seconds: number;
      /** false: nothing was written, and what was there before is untouched. */
      readonly hasFile: boolean;
      readonly fault: Fault | null;
    };
