import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import { Button } from './button.tsx';
import { CopyIcon, FaultIcon } from './icons.tsx';

export interface FaultCardProps {
  readonly fault: Fault;
  /** What it means for the user, before what the machine said: "The CPU profile could not be started". */
  readonly title?: string;
  readonly copyText: (text: string) => void;
  readonly actions?: ReactNode;
}

/** The one way a fault is shown anywhere: what could not be done, what to try, and the rest for those who can read it. */
export function FaultCard({ fault, title, copyText, actions }: FaultCardProps) {
  return (
    <section className="fault-card" role="alert" aria-label={title ?? 'Problem'}>
      <FaultIcon />
      <div className="fault-words">
        {title !== undefined && <h2 className="fault-title">{title}</h2>}
        <p className="fault-message">{sentence(fault.message)}</p>
        {fault.hint !== undefined && <p className="fault-hint">{fault.hint}</p>}
        {fault.detail !== undefined && <FaultDetail detail={fault.detail} />}
        <div className="fault-actions">
          {actions}
          <CopyFault fault={fault} copyText={copyText} />
        </div>
      </div>
    </section>
  );
}

function FaultDetail({ detail }: { readonly detail: string }) {
  return (
    <details className="fault-detail">
      <summary>Details</summary>
      {/* A scrolling area must be reachable by keyboard. */}
      <pre tabIndex={0}>{detail}</pre>
    </details>
  );
}

function CopyFault({ fault, copyText }: Pick<FaultCardProps, 'fault' | 'copyText'>) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      onClick={() => {
        copyText(faultText(fault));
        setCopied(true);
      }}
    >
      <CopyIcon />
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}

/** All of a fault as text, for a mail or a ticket. */
export function faultText({ code, message, hint, detail }: Fault): string {
  return [`${message} (${code})`, hint, detail].filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** Messages are written to be wrapped ("cannot start x: …"), so they begin small; on a screen they are a sentence. */
export function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
