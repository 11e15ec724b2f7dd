import { Button } from '../../widgets/button.tsx';
import { SondeMark } from '../../widgets/icons.tsx';
import { useModal } from '../../widgets/use-modal.ts';

export interface WelcomeProps {
  readonly hasSample: boolean;
  /** Puts it away and leads to the connect form. */
  readonly onConnect: () => void;
  readonly onOpen: (file: 'sample' | null) => void;
  readonly onClose: () => void;
}

/** The first thing that is seen, once: all that Sonde does, here and on a device, before it does any of it. */
export function Welcome({ hasSample, onConnect, onOpen, onClose }: WelcomeProps) {
  return (
    <dialog {...useModal(onClose)} className="welcome" aria-labelledby="welcome-title">
      <div className="welcome-page">
        <header className="welcome-head">
          <SondeMark size={40} />
          <div>
            <h1 id="welcome-title">Sonde looks inside one Linux device, live</h1>
            <p>
              Where its CPU time goes, what its system calls take, whom it talks to: watched over SSH, recorded into one
              file, and nothing left running afterwards.
            </p>
          </div>
        </header>
        <div className="welcome-facts">
          <Facts title="On the device, while you watch">
            <li>
              One private folder: a static loader and a small agent, about 1&nbsp;MB. Where the device has no Node.js of
              its own, also that: 17&nbsp;MB over the link, 87&nbsp;MB on its disk.
            </li>
            <li>Small, verified programs in its kernel (eBPF) that only read. They need root, directly or by sudo.</li>
            <li>No open port, nothing installed, no download from the internet, no restart.</li>
          </Facts>
          <Facts title="On the device, afterwards">
            <li>
              Nothing runs: programs and agent end with the connection, or soon after it was cut. The folder stays, so
              that the next start is quick, until <code>sonde remove</code> takes it away.
            </li>
            <li>Only a recording that you tell the device to make by itself goes on, until the end you gave it.</li>
          </Facts>
          <Facts title="On this computer">
            <li>Each session becomes one file in a folder of yours. Sonde deletes none of them by itself.</li>
            <li>
              No telemetry, no update check, no account. Passwords are kept only if you ask for it, and only in a
              keyring.
            </li>
          </Facts>
        </div>
        <div className="welcome-actions">
          <Button look="primary" data-first-focus onClick={onConnect}>
            Connect to a device
          </Button>
          <Button onClick={() => onOpen(null)}>Open a recording…</Button>
          {hasSample && <Button onClick={() => onOpen('sample')}>Explore the sample recording</Button>}
        </div>
        <p className="welcome-again">You will find this page again under Help, “What Sonde does”.</p>
      </div>
    </dialog>
  );
}

function Facts({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}
