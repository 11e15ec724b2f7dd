import type { CaptureOrder, CaptureView } from '../../../../electron/bridge/contract.ts';

export type CaptureWish = Omit<CaptureOrder, 'file'>;

/** Packets of the device: what came of a capture, and what can be asked. */
export interface PacketDesk {
  /** The one that runs or the last one. */
  readonly view: CaptureView | null;
  /** The device can be reached. */
  readonly canStart: boolean;
  /** Asks where to; false = the user chose no file. */
  start(wish: CaptureWish): Promise<boolean>;
  stop(): void;
  dismiss(): void;
  showInFolder(file: string): void;
  /** null = it is not installed on this computer. */
  readonly openInWireshark: ((file: string) => void) | null;
}
