import { useState } from 'react';
import { formatBytes, formatDuration } from '../../widgets/format.ts';
import { WarningIcon } from '../../widgets/icons.tsx';
import { Grid } from '../../widgets/grid.tsx';
import type { Controller } from '../controller.ts';
import { LibraryActions } from './library-actions.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { LIBRARY_COLUMNS, type LibraryRow, type LibrarySorting, nextLibrarySorting } from './rows.ts';

export interface LibraryTableProps {
  readonly rows: readonly LibraryRow[];
  readonly sorting: LibrarySorting;
  readonly onSort: (sorting: LibrarySorting) => void;
  readonly controller: Controller;
}

/** Enter opens, n notes, k keeps, Delete deletes. */
export function LibraryTable({ rows, sorting, onSort, controller }: LibraryTableProps) {
  const [active, setActive] = useState<number | null>(null);
  const [noting, setNoting] = useState<LibraryRow | null>(null);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const chosen = active === null ? null : (byId.get(active) ?? null);
  const open = (row: LibraryRow): void => controller.openRecording(row.entry.file);
  const remove = (row: LibraryRow): void => controller.library.askToDelete(row.entry);
  const keep = ({ entry }: LibraryRow): void => void controller.library.keep(entry.file, !entry.isKept);
  const verbs = new Map<string, (row: LibraryRow) => void>([
    ['Enter', open],
    ['n', setNoting],
    ['k', keep],
    ['Delete', remove],
  ]);
  return (
    <>
      <Grid
        label="Recordings"
        name="library-grid"
        columns={LIBRARY_COLUMNS}
        sorting={sorting}
        onSort={(column) => onSort(nextLibrarySorting(sorting, column))}
        ids={rows.map(({ id }) => id)}
        active={chosen?.id ?? null}
        onActive={setActive}
        onHold={() => {}}
        onOpen={(id) => {
          const row = byId.get(id);
          if (row) open(row);
        }}
        onKey={(event, id) => {
          const row = id === null ? undefined : byId.get(id);
          const verb = verbs.get(event.key);
          if (!row || !verb || event.ctrlKey || event.altKey || event.metaKey) return;
          event.preventDefault(); // or the field of a dialog that opens gets the letter
          verb(row);
        }}
        renderCells={(id) => {
          const row = byId.get(id);
          return row && <Cells row={row} />;
        }}
      />
      <LibraryActions
        row={chosen}
        onOpen={open}
        onNote={setNoting}
        onKeep={keep}
        onDelete={remove}
        onFolder={({ entry }) => controller.showInFolder(entry.file)}
      />
      {noting && <NoteDialog row={noting} controller={controller} onClose={() => setNoting(null)} />}
    </>
  );
}

function Cells({ row: { entry, texts, seconds } }: { readonly row: LibraryRow }) {
  const isBad = entry.about.kind === 'unreadable';
  return (
    <>
      <div role="gridcell" className="grid-text" title={entry.file}>
        {isBad && <WarningIcon size={12} />} {texts.device}
      </div>
      <div role="gridcell" className="grid-text grid-dim">
        {texts.started}
      </div>
      <div role="gridcell" className="grid-number">
        {seconds === null ? '' : formatDuration(seconds)}
      </div>
      <div role="gridcell" className="grid-number">
        {formatBytes(entry.bytes)}
      </div>
      <div role="gridcell" className="grid-text grid-dim" title={texts.probes}>
        {texts.probes}
      </div>
      <div role="gridcell" className={isBad ? 'grid-text library-bad' : 'grid-text'} title={texts.happened}>
        {texts.happened}
      </div>
      <div role="gridcell" className="grid-text" title={texts.note}>
        {entry.isKept && <span className="library-kept">kept</span>} {texts.note}
      </div>
    </>
  );
}
