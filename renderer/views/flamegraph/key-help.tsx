import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { KEY_HELP } from './keys.ts';

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
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
