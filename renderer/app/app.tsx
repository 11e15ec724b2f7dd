import { useEffect } from 'react';
import { useStore } from 'zustand';
import { CompareScreen } from './compare/compare-screen.tsx';
import { ConnectingScreen } from './connecting/connecting-screen.tsx';
import type { Controller } from './controller.ts';
import { DropTarget } from './drop-target.tsx';
import { LibraryScreen } from './library/library-screen.tsx';
import { QuestionDialog } from './prompts/question-dialog.tsx';
import { SessionToasts } from './session-toasts.tsx';
import type { Session } from './session.ts';
import { hasWindows } from '../store/index.ts';
import { showsData } from './session-state.ts';
import { StartScreen } from './start/start-screen.tsx';
import { Workspace } from './workspace/workspace.tsx';

export function App({ controller }: { readonly controller: Controller }) {
  const app = useStore(controller.state);
  const { screen } = app;
  return (
    <DropTarget onFile={(file) => controller.openRecording(controller.pathOfFile(file))}>
      {screen.kind === 'start' ? (
        <StartScreen app={app} screen={screen} controller={controller} />
      ) : screen.kind === 'library' ? (
        <LibraryScreen library={app.library} controller={controller} />
      ) : (
        <SessionScreen key={screen.session.id} session={screen.session} controller={controller} />
      )}
      <SessionToasts toasts={app.toasts} controller={controller} />
      {app.question && <QuestionDialog question={app.question} />}
      <Title session={screen.kind === 'session' ? screen.session : null} />
    </DropTarget>
  );
}

function SessionScreen({ session, controller }: { readonly session: Session; readonly controller: Controller }) {
  const view = useStore(session.state, (state) => state.view);
  const notice = useStore(session.state, (state) => state.notice);
  const hasData = useStore(session.snapshots, hasWindows);
  const comparison = useStore(controller.compare.state, (state) => state.comparison);
  if (comparison) return <CompareScreen comparison={comparison} controller={controller} />;
  return view && showsData(view, hasData) ? (
    <Workspace session={session} view={view} controller={controller} />
  ) : (
    <ConnectingScreen session={session} view={view} notice={notice} controller={controller} />
  );
}

function Title({ session }: { readonly session: Session | null }) {
  return session ? <SessionTitle session={session} /> : <TitleText text="Sonde" />;
}

function SessionTitle({ session }: { readonly session: Session }) {
  const hostname = useStore(session.snapshots, (snapshot) => snapshot.device?.hostname);
  const { origin } = session;
  const name = hostname ?? (origin.kind === 'live' ? origin.target?.destination : undefined);
  return <TitleText text={name === undefined ? 'Sonde' : `${name} — Sonde`} />;
}

function TitleText({ text }: { readonly text: string }) {
  useEffect(() => {
    document.title = text;
  }, [text]);
  return null;
}
