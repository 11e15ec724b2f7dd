import { Button } from '../widgets/button.tsx';
import { faultText, sentence } from '../widgets/fault-card.tsx';
import { fileName } from '../widgets/format.ts';
import { Toasts } from '../widgets/toasts.tsx';
import type { Toast } from './app-state.ts';
import type { Controller } from './controller.ts';

export function SessionToasts({
  toasts,
  controller,
}: {
  readonly toasts: readonly Toast[];
  readonly controller: Controller;
}) {
  return (
    <Toasts
      onClose={(id) => controller.closeToast(id)}
      toasts={toasts.map((toast) => ({
        id: toast.id,
        good: toast.fault === null,
        text: toast.file === null ? sentence(toast.text) : `${toast.text} ${fileName(toast.file)}`,
        more: <More toast={toast} controller={controller} />,
      }))}
    />
  );
}

function More({ toast, controller }: { readonly toast: Toast; readonly controller: Controller }) {
  const { file, fault } = toast;
  return (
    <>
      {fault?.hint !== undefined && <p className="toast-hint">{fault.hint}</p>}
      {fault && (
        <Button look="link" onClick={() => controller.copyText(faultText(fault))}>
          Copy
        </Button>
      )}
      {file !== null && (
        <Button look="link" onClick={() => controller.showInFolder(file)}>
          Show in folder
        </Button>
      )}
    </>
  );
}
