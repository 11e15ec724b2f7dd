import { useEffect, useMemo, useRef, useState } from 'react';
import { dueForCleanUp, type Library } from '../../../electron/bridge/library.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { formatBytes, formatCount } from '../../widgets/format.ts';
import { SondeMark } from '../../widgets/icons.tsx';
import { useSearchKeys } from '../../widgets/search-keys.ts';
import { useNow } from '../../widgets/use-now.ts';
import type { Controller } from '../controller.ts';
import { CleanUpDialog } from './clean-up-dialog.tsx';
import { LibraryTable } from './library-table.tsx';
import { type LibraryRow, type LibrarySorting, rowOf, shownRows } from './rows.ts';

export interface LibraryScreenProps {
  /** null = not there yet. */
  readonly library: Library | null;
  readonly controller: Controller;
}

/** All recordings of this workstation. */
export function LibraryScreen({ library, controller }: LibraryScreenProps) {
  const nowMs = useNow(60_000, true);
  const [search, setSearch] = useState('');
  const [sorting, setSorting] = useState<LibrarySorting>({ column: 'started', direction: 'descending' });
  const [isCleaning, setCleaning] = useState(false);
  const rows = useRows(library, nowMs);
  const shown = useMemo(() => shownRows(rows, search, sorting), [rows, search, sorting]);
  const due = useMemo(() => (library ? dueForCleanUp(library.recordings, library.rules, nowMs) : []), [library, nowMs]);
  return (
    <main className="library">
      <header className="library-head">
        <SondeMark size={20} />
        <h1>Recordings</h1>
        <p className="library-sum" role="status">
          {rows.length > 0 && sumText(shown, rows)}
        </p>
        <div className="library-actions">
          <SearchField text={search} onText={setSearch} />
          <Button disabled={rows.length === 0} onClick={() => setCleaning(true)}>
            {due.length > 0 ? `Clean up ${due.length}…` : 'Clean up…'}
          </Button>
          <Button onClick={() => controller.openRecording(null)}>Open a file…</Button>
          <Button onClick={() => controller.leave()}>Close</Button>
        </div>
      </header>
      {library && rows.length === 0 && (
        <EmptyNote
          title="No recordings yet"
          note="Every session with a device is recorded into one file and listed here."
          action={<Button onClick={() => controller.leave()}>Connect to a device</Button>}
        />
      )}
      {rows.length > 0 && shown.length === 0 && (
        <EmptyNote
          title="No recording matches"
          note="Looked for in devices, dates such as 2026-05-03, processes, notes and marks."
          action={<Button onClick={() => setSearch('')}>Show all</Button>}
        />
      )}
      {shown.length > 0 && <LibraryTable rows={shown} sorting={sorting} onSort={setSorting} controller={controller} />}
      {library && isCleaning && (
        <CleanUpDialog library={library} nowMs={nowMs} controller={controller} onClose={() => setCleaning(false)} />
      )}
    </main>
  );
}

/** A recording keeps its number when others come and go. */
function useRows(library: Library | null, nowMs: number): readonly LibraryRow[] {
  const [ids] = useState(() => new Map<string, number>());
  return useMemo(
    () =>
      (library?.recordings ?? []).map((entry) => {
        const id = ids.get(entry.file) ?? ids.size + 1;
        ids.set(entry.file, id);
        return rowOf(id, entry, nowMs);
      }),
    [library, nowMs, ids],
  );
}

function sumText(shown: readonly LibraryRow[], all: readonly LibraryRow[]): string {
  const bytes = formatBytes(shown.reduce((sum, { entry }) => sum + entry.bytes, 0));
  const count = formatCount(shown.length);
  return shown.length === all.length ? `${count}, ${bytes}` : `${count} of ${formatCount(all.length)}, ${bytes}`;
}

function SearchField({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useSearchKeys(input);
  useEffect(() => input.current?.focus(), []);
  return (
    <search>
      <input
        ref={input}
        type="search"
        className="library-search"
        aria-label="Search recordings"
        placeholder="Device, date, process, note"
        spellCheck={false}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </search>
  );
}
