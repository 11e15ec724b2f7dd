import { useEffect } from 'react';
import { useStore } from 'zustand';
import { CompareScreen } from './compare/compare-screen.tsx';
import { ConnectingScreen } from './connecting/connecting-screen.tsx';
import type { AppState } from './app-state.ts';
import type { Controller } from './controller.ts';
import { DropTarget } from './drop-target.tsx';
import { LibraryScreen } from './library/library-screen.tsx';
import { QuestionDialog } from './prompts/question-dialog.tsx';
import { QuitDialog } from './quit/quit-dialog.tsx';
import { SessionToasts } from './session-toasts.tsx';
import type { Session } from './session.ts';
import { hasWindows } from '../store/index.ts';
import { showsData } from './session-state.ts';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { StartScreen } from './start/start-screen.tsx';
import { Welcome } from './welcome/welcome.tsx';
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
      <Overlay app={app} controller={controller} />
      {app.quit && screen.kind === 'session' && (
        <QuitDialog quit={app.quit} session={screen.session} desk={controller.quitting} />
      )}
      {app.question && <QuestionDialog question={app.question} />}
      <Title session={screen.kind === 'session' ? screen.session : null} />
    </DropTarget>
  );
}

/** A dialog that is opened later lies above one that was there before. */
function Overlay({ app, controller }: { readonly app: AppState; readonly controller: Controller }) {
  if (app.overlay === 'settings') return <SettingsDialog app={app} controller={controller} />;
  if (app.overlay !== 'welcome') return null;
  const close = () => controller.closeWelcome();
  return (
    <Welcome
      hasSample={app.hasSampleRecording}
      onConnect={() => {
        close();
        controller.leave();
      }}
      onOpen={(file) => {
        close();
        controller.openRecording(file);
      }}
      onClose={close}
    />
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
