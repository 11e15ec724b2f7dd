import type { RefObject } from 'react';
import { formatCount, formatShare } from '../../widgets/format.ts';
import { useSearchKeys } from '../../widgets/search-keys.ts';

export interface SearchResult {
  readonly count: number;
  /** Place of the selected match, from 1; 0 = none is selected. */
  readonly at: number;
  /** Of the samples shown. */
  readonly share: number;
  readonly invalid: string | null;
}

export interface SearchBoxProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly text: string;
  readonly result: SearchResult | null;
  readonly onText: (text: string) => void;
  readonly onStep: (by: 1 | -1) => void;
  /** Escape: back to the picture. */
  readonly onLeave: () => void;
}

/** One search for all tabs. Enter and Shift+Enter go from match to match; `/` and Ctrl+F come here from anywhere. */
export function SearchBox({ inputRef: input, text, result, onText, onStep, onLeave }: SearchBoxProps) {
  useSearchKeys(input);
  return (
    <search className="flame-search">
      <input
        ref={input}
        type="search"
        aria-label="Search functions and modules, as a regular expression"
        placeholder="Search (regex)"
        spellCheck={false}
        value={text}
        aria-invalid={result?.invalid ? true : undefined}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'F3') {
            event.preventDefault();
            onStep(event.shiftKey ? -1 : 1);
          }
          if (event.key === 'Escape') {
            event.preventDefault();
            if (text === '') onLeave();
            else onText('');
          }
        }}
      />
      {result && (
        <>
          <span className="flame-search-result" role="status">
            {result.invalid && (
              <span className="flame-search-invalid" title={`Not a regular expression: ${result.invalid}`}>
                invalid regex, searched as text
              </span>
            )}
            {result.count === 0 ? (
              'no match'
            ) : (
              <>
                <b>{formatShare(result.share)}</b> of samples
                <span className="flame-search-at">
                  {result.at > 0 ? `${formatCount(result.at)}/` : ''}
                  {formatCount(result.count)}
                </span>
              </>
            )}
          </span>
          <button
            type="button"
            className="button button-quiet"
            title="Previous match (Shift+Enter)"
            aria-label="Previous match"
            onClick={() => onStep(-1)}
          >
            ‹
          </button>
          <button
            type="button"
            className="button button-quiet"
            title="Next match (Enter)"
            aria-label="Next match"
            onClick={() => onStep(1)}
          >
            ›
          </button>
        </>
      )}
    </search>
  );
}
