import type { OptionErrors, ProbeDraft } from './connect-draft.ts';
import { OptionFields } from './option-fields.tsx';

export interface ProbeChoicesProps {
  readonly drafts: readonly ProbeDraft[];
  /** What is wrong with the choice as a whole. */
  readonly error: string | null;
  readonly errors: OptionErrors;
  readonly onChange: (drafts: readonly ProbeDraft[]) => void;
}

/** What is to run from the start, each with its options folded away. */
export function ProbeChoices({ drafts, error, errors, onChange }: ProbeChoicesProps) {
  const change = (changed: ProbeDraft) =>
    onChange(drafts.map((draft) => (draft.probe === changed.probe ? changed : draft)));
  return (
    <fieldset className="probe-choices">
      <legend className="field-label">Watch</legend>
      {drafts.map((draft) => (
        <div key={draft.probe.id} className="probe-choice">
          <label title={draft.probe.summary}>
            <input
              type="checkbox"
              checked={draft.wanted}
              onChange={(event) => change({ ...draft, wanted: event.target.checked })}
            />
            {draft.probe.title}
          </label>
          {draft.wanted && (
            <details className="advanced">
              <summary>
                <span className="visually-hidden">{draft.probe.title}: </span>Options: {optionSummary(draft.options)}
              </summary>
              <p className="field-help">{draft.probe.summary} Leave a field empty for its default.</p>
              <OptionFields
                specs={draft.probe.options}
                values={draft.options}
                errors={errors[draft.probe.id] ?? {}}
                onChange={(name, value) => change({ ...draft, options: { ...draft.options, [name]: value } })}
              />
            </details>
          )}
        </div>
      ))}
      {error !== null && <p className="field-error">{error}</p>}
    </fieldset>
  );
}

function optionSummary(options: Readonly<Record<string, string>>): string {
  const set = Object.values(options).filter((value) => value.trim() !== '').length;
  return set === 0 ? 'defaults' : `${set} changed`;
}
