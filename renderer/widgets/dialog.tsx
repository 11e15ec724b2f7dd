import { useId } from 'react';
import type { ReactNode } from 'react';
import { useModal } from './use-modal.ts';

export interface DialogProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  /** Escape. */
  readonly onCancel: () => void;
  readonly onSubmit: () => void;
  /** Buttons, the default answer last. */
  readonly actions: ReactNode;
}

/** A modal question. Escape cancels; Enter in a field submits. */
export function Dialog({ title, icon, children, onCancel, onSubmit, actions }: DialogProps) {
  const titleId = useId();
  return (
    <dialog {...useModal(onCancel)} className="dialog" aria-labelledby={titleId}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h2 id={titleId} className="dialog-title">
          {icon}
          {title}
        </h2>
        <div className="dialog-body">{children}</div>
        <div className="dialog-actions">{actions}</div>
      </form>
    </dialog>
  );
}
