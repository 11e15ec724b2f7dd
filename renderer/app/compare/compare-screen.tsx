import { useStore } from 'zustand';
import { CompareWorkspace } from '../../views/compare/index.ts';
import { Button } from '../../widgets/button.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { ViewBoundary } from '../workspace/view-boundary.tsx';
import type { Comparison } from './compare-desk.ts';

/** In place of the session's own screen, which is there again when this is closed. */
export function CompareScreen({
  comparison,
  controller,
}: {
  readonly comparison: Comparison;
  readonly controller: Controller;
}) {
  const desk = controller.compare;
  if (comparison.kind === 'opening') return <Opening {...comparison} onCancel={() => desk.close()} />;
  return (
    <ViewBoundary title="Compare" copyText={controller.copyText}>
      <CompareWorkspace
        before={comparison.before}
        after={comparison.after}
        onSwap={() => desk.swap()}
        onRange={(side, range) => desk.showPart(side, range)}
        onClose={() => desk.close()}
        copyText={controller.copyText}
      />
    </ViewBoundary>
  );
}

interface OpeningProps {
  readonly name: string;
  readonly session: Session | null;
  readonly onCancel: () => void;
}

function Opening({ name, session, onCancel }: OpeningProps) {
  return (
    <main className="compare-opening">
      <h1>Reading {name}</h1>
      {session ? <Reading session={session} /> : <ProgressBar value={null} label="Opening" />}
      <Button autoFocus onClick={onCancel}>
        Cancel
      </Button>
    </main>
  );
}

function Reading({ session }: { readonly session: Session }) {
  const progress = useStore(session.state, ({ view }) => (view?.kind === 'replay' ? view.progress : null));
  return <ProgressBar value={progress} label="Reading the recording" />;
}
