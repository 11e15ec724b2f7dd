import { useRef } from 'react';
import type { KeyboardEvent } from 'react';

export interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  /** null = none of them. */
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
}

/** One of a few, side by side: a radio group with one stop for Tab, arrow keys within. */
export function Segmented<Value extends string>({ label, options, value, onChange }: SegmentedProps<Value>) {
  const group = useRef<HTMLDivElement>(null);
  const chosen = options.findIndex((option) => option.value === value);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = (Math.max(chosen, 0) + step + options.length) % options.length;
    const next = options[index];
    if (next) onChange(next.value);
    group.current?.querySelectorAll('button')[index]?.focus();
  };
  return (
    <div className="segmented" role="radiogroup" aria-label={label} ref={group} onKeyDown={move}>
      {options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={index === Math.max(chosen, 0) ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
