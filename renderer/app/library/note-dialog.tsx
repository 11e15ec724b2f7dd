import { useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Field } from '../../widgets/field.tsx';
import type { Controller } from '../controller.ts';
import type { LibraryRow } from './rows.ts';

export interface NoteDialogProps {
  readonly row: LibraryRow;
  readonly controller: Controller;
  readonly onClose: () => void;
}

export function NoteDialog({ row: { entry, texts }, controller, onClose }: NoteDialogProps) {
  const [note, setNote] = useState(entry.note);
  return (
    <Dialog
      title={`${texts.device}, ${texts.started}`}
      onCancel={onClose}
      onSubmit={() => {
        onClose();
        void controller.library.note(entry.file, note);
      }}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submits>
            Save
          </Button>
        </>
      }
    >
      <Field label="Note" help="Kept on this workstation, not in the recording." error={null}>
        {(input) => (
          <input
            {...input}
            type="text"
            data-first-focus
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
