import { useEffect, useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { type KeyHint, KeyList } from '../../widgets/key-list.tsx';
import { KEY_HELP } from './keys.ts';

export interface KeyHelpProps {
  /** Of which picture. */
  readonly of?: string;
  readonly keys?: readonly KeyHint[];
  readonly onClose: () => void;
}

/** Gives the focus back to where it was: a dialog that is taken out of the page cannot do that itself. */
export function KeyHelp({ of = 'flame graph', keys = KEY_HELP, onClose }: KeyHelpProps) {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  return (
    <Dialog
      title={`Keys of the ${of}`}
      onCancel={onClose}
      onSubmit={onClose}
      actions={
        <Button look="primary" submits data-first-focus>
          Close
        </Button>
      }
    >
      <KeyList keys={keys} />
    </Dialog>
  );
}
