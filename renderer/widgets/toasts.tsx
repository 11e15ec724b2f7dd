import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { CheckIcon, CrossIcon, FaultIcon } from './icons.tsx';

export interface ToastView {
  readonly id: number;
  readonly good: boolean;
  readonly text: string;
  readonly more: ReactNode;
}

/** Short news in the corner. They stay until closed or until their owner takes them away. */
export function Toasts({
  toasts,
  onClose,
}: {
  readonly toasts: readonly ToastView[];
  readonly onClose: (id: number) => void;
}) {
  return (
    <div className="toasts" role="status">
      {toasts.map((toast) => (
        <div key={toast.id} className={toast.good ? 'toast toast-good' : 'toast toast-bad'}>
          {toast.good ? <CheckIcon /> : <FaultIcon />}
          <div className="toast-words">
            <p>{toast.text}</p>
            {toast.more}
          </div>
          <Button look="quiet" aria-label="Close" onClick={() => onClose(toast.id)}>
            <CrossIcon />
          </Button>
        </div>
      ))}
    </div>
  );
}
