/** What the host of a session with a device is told. Passwords go to it alone, in its own message, never through the page. */
import type { HostJob, Target } from '../bridge/index.ts';
import type { Places } from './places.ts';
import type { SecretStore } from './secrets.ts';
import type { SettingsFile } from './settings-file.ts';

export interface JobContext {
  readonly places: Places;
  readonly settings: SettingsFile;
  readonly secrets: SecretStore;
}

export function liveJob(
  target: Target,
  acceptHostKey: string | null,
  { places, settings, secrets }: JobContext,
): Extract<HostJob, { kind: 'live' }> {
  return {
    kind: 'live',
    target,
    acceptHostKey,
    recordingDir: settings.folder,
    artifactsDir: places.artifacts,
    secrets: secrets.of(target.destination),
  };
}
