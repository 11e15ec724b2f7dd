/** The files that are sent to a device, as the build left them in one directory (out/device). */
import type { LoaderArch } from './facts.ts';

export interface Artifact {
  readonly file: string;
  /** Of what lies on the device in the end: unpacked. Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** The file on the workstation is gzip and is unpacked on the device. */
  readonly packed: boolean;
}

export interface Artifacts {
  readonly loader: Artifact;
  readonly agent: Artifact;
  /** null = no runtime is shipped for this architecture. */
  readonly node: (Artifact & { readonly version: string }) | null;
}

export function findArtifacts(_directory: string, _arch: LoaderArch): Promise<Artifacts> {
  return Promise.reject(new Error('not built yet'));
}
