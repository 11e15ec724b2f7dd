import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import type { Question } from '../app-state.ts';

export function QuestionDialog({ question }: { readonly question: Question }) {
  return (
    <Dialog
      title={question.title}
      onCancel={question.onNo}
      onSubmit={question.onNo}
      actions={
        <>
          <Button look="danger" onClick={question.onYes}>
            {question.yes}
          </Button>
          <Button look="primary" data-first-focus onClick={question.onNo}>
            Cancel
          </Button>
        </>
      }
    >
      <p>{question.text}</p>
    </Dialog>
  );
}
