import { useRef } from 'react';
import { formatCount } from '../../widgets/format.ts';
import { useSearchKeys } from '../../widgets/search-keys.ts';

export interface SearchFieldProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Rows found; null = nothing is looked for. */
  readonly found: number | null;
  readonly invalid: string | null;
}

/** Narrows the rows by name, as a regular expression. */
export function SearchField({ text, onText, found, invalid }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useSearchKeys(input);
  return (
    <search className="calls-search">
      <span role="status" className="calls-search-result">
        {invalid !== null && (
          <span className="calls-search-invalid" title={`Not a regular expression: ${invalid}`}>
            invalid regex, searched as text
          </span>
        )}
        {found !== null && (found === 1 ? '1 row' : `${formatCount(found)} rows`)}
      </span>
      <input
        ref={input}
        type="search"
        aria-label="Search calls and processes, as a regular expression"
        placeholder="Search (regex)"
        spellCheck={false}
        value={text}
        aria-invalid={invalid === null ? undefined : true}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '') return;
          event.preventDefault();
          event.stopPropagation();
          onText('');
        }}
      />
    </search>
  );
}
