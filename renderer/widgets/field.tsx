import { useId } from 'react';
import type { ReactNode } from 'react';

export interface FieldInput {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

export interface FieldProps {
  readonly label: string;
  readonly help: ReactNode;
  /** Shown instead of the help. */
  readonly error: string | null;
  /** The input, given what ties it to its label, help and error. */
  readonly children: (input: FieldInput) => ReactNode;
}

export function Field({ label, help, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-help`, 'aria-invalid': error !== null })}
      <p id={`${id}-help`} className={error === null ? 'field-help' : 'field-error'}>
        {error ?? help}
      </p>
    </div>
  );
}
