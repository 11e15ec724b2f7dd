import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../../widgets/button.tsx';
import { FaultIcon } from '../../widgets/icons.tsx';

export interface ViewBoundaryProps {
  /** Of what is drawn inside: "System calls". */
  readonly title: string;
  readonly copyText: (text: string) => void;
  readonly children: ReactNode;
}

/** A bug in one picture must not take the window with it: the others, the session and its recording go on. */
export class ViewBoundary extends Component<ViewBoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { title, copyText, children } = this.props;
    if (!error) return children;
    const detail = error.stack ?? error.message;
    return (
      <section className="fault-card" role="alert" aria-label={`${title} cannot be drawn`}>
        <FaultIcon />
        <div className="fault-words">
          <h2 className="fault-title">{title} cannot be drawn</h2>
          <p className="fault-message">{error.message}</p>
          <p className="fault-hint">
            This is a mistake in Sonde. The session and its recording go on, and the other views still work.
          </p>
          <div className="fault-actions">
            <Button onClick={() => this.setState({ error: null })}>Try again</Button>
            <Button onClick={() => copyText(detail)}>Copy details</Button>
          </div>
        </div>
      </section>
    );
  }
}
