import { useEffect, useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { KEY_HELP } from './keys.ts';

/** Gives the focus back to where it was: a dialog that is taken out of the page cannot do that itself. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  return (
    <Dialog
      title="Keys of the flame graph"
      onCancel={onClose}
      onSubmit={onClose}
      actions={
        <Button look="primary" submits data-first-focus>
          Close
        </Button>
      }
    >
      <dl className="flame-keys">
        {KEY_HELP.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
