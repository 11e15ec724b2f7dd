import type { OptionSpec } from '../../../remote-agent/protocol/manifest.ts';
import { Field } from '../../widgets/field.tsx';

export interface OptionFieldsProps {
  readonly specs: readonly OptionSpec[];
  readonly values: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: string) => void;
}

/** A probe's options as its manifest describes them: nothing here knows which probe it is. */
export function OptionFields({ specs, values, errors, onChange }: OptionFieldsProps) {
  return (
    <div className="option-fields">
      {specs.map((spec) => (
        <Field key={spec.name} label={labelOf(spec)} help={helpOf(spec)} error={errors[spec.name] ?? null}>
          {(input) => (
            <input
              {...input}
              type="text"
              inputMode={spec.kind === 'integer' ? 'numeric' : 'text'}
              spellCheck={false}
              autoComplete="off"
              placeholder={spec.default === null ? 'any' : String(spec.default)}
              value={values[spec.name] ?? ''}
              onChange={(event) => onChange(spec.name, event.target.value)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

function labelOf(spec: OptionSpec): string {
  return spec.kind === 'integer' && spec.unit !== undefined ? `${spec.label} (${spec.unit})` : spec.label;
}

/** Ids have ranges only a kernel would know; a range is worth saying where somebody would choose within it. */
function helpOf(spec: OptionSpec): string {
  if (spec.kind === 'text' || spec.default === null) return spec.help;
  return `${spec.help} ${spec.min} to ${spec.max}.`;
}
