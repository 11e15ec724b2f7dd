import { useEffect, useState } from 'react';
import type { RedactionPreview, RedactionRules } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { RangeNs } from '../../store/index.ts';
import type { Session } from '../session.ts';

export interface Preview {
  /** Of the rules before these, until these are there. null = none yet. */
  readonly preview: RedactionPreview | null;
  readonly fault: Fault | null;
}

/** What leaves of these ranges under these rules; asked for again with each change. */
export function usePreview(session: Session, rules: RedactionRules, ranges: readonly RangeNs[]): Preview {
  const [shown, setShown] = useState<Preview>({ preview: null, fault: null });
  useEffect(() => {
    let wanted = true;
    void session.previewRedaction(rules, ranges).then((outcome) => {
      if (!wanted || !outcome) return;
      setShown((before) =>
        outcome.ok ? { preview: outcome.preview, fault: null } : { preview: before.preview, fault: outcome.fault },
      );
    });
    return () => {
      wanted = false;
    };
  }, [session, rules, ranges]);
  return shown;
}
