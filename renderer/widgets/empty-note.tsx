import type { ReactNode } from 'react';

export interface EmptyNoteProps {
  readonly title: string;
  /** Why, and what to do about it. */
  readonly note?: ReactNode;
  readonly action?: ReactNode;
}

/** Where data would be, and is not: what that means, in the middle of the place. */
export function EmptyNote({ title, note, action }: EmptyNoteProps) {
  return (
    <div className="empty-note" role="status">
      <p className="empty-note-title">{title}</p>
      {note && <p className="empty-note-text">{note}</p>}
      {action}
    </div>
  );
}
