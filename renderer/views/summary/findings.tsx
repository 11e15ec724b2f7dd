import type { Finding, Lead } from '../../../electron/bridge/contract.ts';
import { CheckIcon, WarningIcon } from '../../widgets/icons.tsx';

export interface FindingsProps {
  readonly findings: readonly Finding[];
  readonly onLead: (lead: Lead) => void;
}

/** What stands out, each with the way to it. */
export function Findings({ findings, onLead }: FindingsProps) {
  return (
    <section className="summary-part summary-findings">
      <h2>What stands out</h2>
      {findings.length === 0 && <p className="summary-none">Nothing was recorded that could stand out.</p>}
      <ul>
        {findings.map(({ text, isTrouble, lead }) => (
          <li key={text} className={isTrouble ? 'summary-trouble' : ''}>
            {isTrouble ? <WarningIcon size={13} /> : <span className="summary-dot" />}
            {lead ? (
              <button type="button" className="button summary-lead" onClick={() => onLead(lead)}>
                {text}
              </button>
            ) : (
              text
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is missing, in plain words. */
export function Losses({ losses }: { readonly losses: readonly string[] }) {
  if (losses.length === 0)
    return (
      <p className="summary-whole">
        <CheckIcon size={13} />
        Nothing was lost.
      </p>
    );
  return (
    <ul className="summary-losses">
      {losses.map((text) => (
        <li key={text}>
          <WarningIcon size={13} />
          {text}
        </li>
      ))}
    </ul>
  );
}
