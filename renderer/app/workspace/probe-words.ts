import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import type { TimelineWords } from '../../views/timeline/index.ts';

/** What a probe counts, in words, by the kind of view that shows it. */
export function timelineWords({ display }: ProbeManifest): TimelineWords {
  const title = `${capital(display.unit)} per second`;
  switch (display.view) {
    case 'flamegraph':
      return { title, kept: 'busy', idle: 'idle' };
    case 'calls':
    case 'drops':
    case 'events':
    case 'flows':
      return { title, kept: display.unit, idle: null };
    default:
      return assertNever(display);
  }
}

/** "samples" → "Samples" */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function assertNever(display: never): never {
  throw new Error(`unknown display ${JSON.stringify(display)}`);
}
