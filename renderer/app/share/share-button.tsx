import { useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { EyeIcon } from '../../widgets/icons.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { ShareDialog } from './share-dialog.tsx';

export interface ShareButtonProps {
  readonly session: Session;
  readonly controller: Controller;
  readonly disabled: boolean;
}

export function ShareButton({ session, controller, disabled }: ShareButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button disabled={disabled} title="Save without names and addresses" onClick={() => setOpen(true)}>
        <EyeIcon size={14} />
        Share…
      </Button>
      {isOpen && <ShareDialog session={session} controller={controller} onClose={() => setOpen(false)} />}
    </>
  );
}
