/** Keeps what was found of each kind, and what became of it: the preview of what leaves. */
import { REDACTION_KIND_NAMES, type RedactionFinding, type RedactionKind } from '../bridge/redaction.ts';

/** More different ones are counted as this many: a preview must not cost what the recording does. */
const MAX_COUNTED = 100_000;
const MAX_SAMPLES = 6;

interface Entry {
  readonly found: Set<string>;
  readonly samples: { readonly before: string; readonly after: string }[];
}

export class Ledger {
  private readonly entries = new Map<RedactionKind, Entry>();

  /** Gives `after`. */
  note(kind: RedactionKind, before: string, after: string): string {
    let entry = this.entries.get(kind);
    if (!entry) this.entries.set(kind, (entry = { found: new Set(), samples: [] }));
    if (entry.found.size >= MAX_COUNTED || entry.found.has(before)) return after;
    entry.found.add(before);
    if (entry.samples.length < MAX_SAMPLES) entry.samples.push({ before, after });
    return after;
  }

  findings(): RedactionFinding[] {
    return REDACTION_KIND_NAMES.flatMap((kind) => {
      const entry = this.entries.get(kind);
      return entry ? [{ kind, count: entry.found.size, samples: [...entry.samples] }] : [];
    });
  }
}
