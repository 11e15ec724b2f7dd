import { Button } from '../../widgets/button.tsx';
import { fileName } from '../../widgets/format.ts';
import { type LibraryRow, reasonOf } from './rows.ts';

export interface LibraryActionsProps {
  /** null = none is chosen. */
  readonly row: LibraryRow | null;
  readonly onOpen: (row: LibraryRow) => void;
  readonly onNote: (row: LibraryRow) => void;
  readonly onKeep: (row: LibraryRow) => void;
  readonly onFolder: (row: LibraryRow) => void;
  readonly onDelete: (row: LibraryRow) => void;
}

/** What can be done with the chosen recording, and all that is known of it. */
export function LibraryActions({ row, onOpen, onNote, onKeep, onFolder, onDelete }: LibraryActionsProps) {
  if (!row)
    return (
      <footer className="library-foot">
        <p className="library-hint">
          Choose a recording: <kbd>Enter</kbd> opens it, <kbd>n</kbd> notes something, <kbd>k</kbd> keeps it from
          clean-up, <kbd>Delete</kbd> deletes it.
        </p>
      </footer>
    );
  const { entry } = row;
  return (
    <footer className="library-foot">
      <p className="library-file" title={entry.file}>
        {detailOf(row)}
      </p>
      <Button look="primary" onClick={() => onOpen(row)}>
        Open
      </Button>
      <Button onClick={() => onNote(row)}>Note…</Button>
      <Button aria-pressed={entry.isKept} onClick={() => onKeep(row)}>
        {entry.isKept ? 'Kept' : 'Keep'}
      </Button>
      <Button onClick={() => onFolder(row)}>Show in folder</Button>
      <Button look="danger" disabled={entry.isOpen} onClick={() => onDelete(row)}>
        Delete…
      </Button>
    </footer>
  );
}

function detailOf({ entry }: LibraryRow): string {
  const { about, file } = entry;
  if (about.kind === 'unreadable')
    return `${fileName(file)}: ${[reasonOf(file, about.message), about.hint].filter(Boolean).join('. ')}`;
  return about.kind === 'read' && about.processes.length > 0 ? `${file}: ${about.processes.join(', ')}` : file;
}
