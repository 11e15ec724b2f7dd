/** What is to be captured, and how that is said to the loader. */

export interface CaptureRequest {
  /** pcap syntax; '' = everything. */
  readonly filter: string;
  /** ANY_INTERFACE or a name. */
  readonly interface: string;
  /** Bytes taken of each packet. */
  readonly snapBytes: number;
  /** Of packets, per second; null = no limit. */
  readonly rateBytes: number | null;
  readonly ratePackets: number | null;
  /** Sonde's own SSH connection as well. */
  readonly includeOwn: boolean;
}

export const ANY_INTERFACE = 'any';
/** Of bpf/capture/capture.c. */
export const SNAP_BYTES = { min: 64, max: 262_144 } as const;
export const MAX_RATE_BYTES = 1_000_000_000;
export const MAX_RATE_PACKETS = 10_000_000;

/** Words that need no quotes in any shell: the loader turns %XX back. */
export function captureWords(loader: string, request: CaptureRequest): string[] {
  const options: Readonly<Record<string, string | number>> = {
    interface: percentEncoded(request.interface),
    'snap-bytes': request.snapBytes,
    'rate-bytes': request.rateBytes ?? 0,
    'rate-packets': request.ratePackets ?? 0,
    'include-own': request.includeOwn ? 1 : 0,
    ...(request.filter === '' ? {} : { filter: percentEncoded(request.filter) }),
  };
  return [loader, 'capture', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])];
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map(encodeByte).join('');
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_.-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
}
