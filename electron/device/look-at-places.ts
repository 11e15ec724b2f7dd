import type { Shell } from '../ssh/index.ts';
import type { PlaceFacts } from './facts.ts';
import { parsePlaces } from './parse-places.ts';
import { ALL_PLACES_SCRIPT } from './places-script.ts';
import { shCommand } from './script.ts';
import { cutSections } from './sections.ts';

const TIMEOUT_MS = 60_000;

/** Every candidate, for choosing among them and for naming each where none will do. */
export async function lookAtAllPlaces(root: Shell, signal: AbortSignal | undefined): Promise<PlaceFacts[]> {
  const { stdout } = await root.exec(shCommand(`head -n 200 /proc/mounts\n${ALL_PLACES_SCRIPT}`), {
    signal,
    timeoutMs: TIMEOUT_MS,
  });
  const text = stdout.toString('utf8');
  return parsePlaces(cutSections(text), text.split('\n'));
}
