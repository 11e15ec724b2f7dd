import { Fragment, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { complete, type Completion, type FlowFilter, type ValuesOf } from '../../../derive/flows/index.ts';
import { formatCount } from '../../../widgets/format.ts';
import { useSearchKeys } from '../../../widgets/search-keys.ts';
import './filter.css';

export interface FilterFieldProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** What the text means, and what is wrong with it. */
  readonly filter: FlowFilter;
  /** Flows found; null = nothing is filtered. */
  readonly found: number | null;
  readonly valuesOf: ValuesOf;
}

/** A filter one can type, with what could come next below it and what is wrong marked in it. */
export function FilterField({ text, onText, filter, found, valuesOf }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  useSearchKeys(input);
  const { from, to, options } = useMemo(
    () => (isOpen ? complete(text, caret, valuesOf) : NOTHING),
    [isOpen, text, caret, valuesOf],
  );
  const shown = isOpen && options.length > 0;
  const [error] = filter.text === text ? filter.errors : [];
  // A long text scrolls within its field; what lies behind it scrolls along.
  const scrollMarks = () => marks.current?.scrollTo({ left: input.current?.scrollLeft ?? 0 });
  useEffect(scrollMarks);
  const type = (next: string, at: number) => {
    onText(next);
    setCaret(at);
    setOpen(true);
    setActive(-1);
  };
  const accept = ({ insert }: Completion) => {
    // A value ends its term; after a field's name comes its value.
    const rest = text.slice(to);
    const gap = insert.endsWith(':') || /^[\s,]/.test(rest) ? '' : ' ';
    const at = from + insert.length + gap.length;
    type(text.slice(0, from) + insert + gap + rest, at);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const option = shown ? options[active] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!shown) return setOpen(true);
      const by = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + by + options.length + (active < 0 && by < 0 ? 1 : 0)) % options.length);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && option) {
      event.preventDefault();
      accept(option);
    } else if (event.key === 'Enter') setOpen(false);
    else if (event.key === 'Escape' && (shown || text !== '')) {
      event.preventDefault();
      event.stopPropagation();
      if (shown) setOpen(false);
      else type('', 0);
    }
  };
  const follow = () => setCaret(input.current?.selectionStart ?? text.length);
  return (
    <search className="flow-filter">
      <div className="flow-filter-box">
        <div className="flow-filter-marks" ref={marks} aria-hidden="true">
          <Marked text={text} filter={filter} />
        </div>
        <input
          ref={input}
          type="search"
          role="combobox"
          aria-label="Filter of the flows"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          placeholder="Filter: port:1883 proc:mosquitto rtt:>50ms"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => type(event.target.value, event.target.selectionStart ?? event.target.value.length)}
          onFocus={follow}
          onClick={() => {
            follow();
            setOpen(true);
          }}
          onKeyUp={(event) => {
            if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') follow();
          }}
          onBlur={() => setOpen(false)}
          onScroll={scrollMarks}
          onKeyDown={onKeyDown}
        />
        {shown && <OptionList {...{ id, options, active }} onAccept={accept} />}
        {error && !shown && (
          <p className="flow-filter-error" id={`${id}-error`} role="alert">
            <b>{text.slice(error.from, error.to)}</b> {error.message}
          </p>
        )}
      </div>
      <span role="status" className="flow-filter-found">
        {found !== null && (found === 1 ? '1 flow' : `${formatCount(found)} flows`)}
      </span>
    </search>
  );
}

const NOTHING = { from: 0, to: 0, options: [] };

interface OptionListProps {
  readonly id: string;
  readonly options: readonly Completion[];
  readonly active: number;
  readonly onAccept: (option: Completion) => void;
}

function OptionList({ id, options, active, onAccept }: OptionListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <ul id={`${id}-list`} ref={list} role="listbox" aria-label="What could come next" className="combo-list">
      {options.map((option, at) => (
        <li
          key={option.insert}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          // Before the field loses the focus, which would close the list.
          onPointerDown={(event) => {
            event.preventDefault();
            onAccept(option);
          }}
        >
          <span className="combo-text">{option.insert}</span>
          <span className="combo-detail">{option.detail}</span>
        </li>
      ))}
    </ul>
  );
}

/** The same text behind the field, with a wave below what could not be read. */
function Marked({ text, filter }: { readonly text: string; readonly filter: FlowFilter }) {
  if (filter.text !== text || filter.errors.length === 0) return null;
  return filter.errors.map(({ from, to }, at) => (
    <Fragment key={from}>
      {text.slice(filter.errors[at - 1]?.to ?? 0, from)}
      <mark>{text.slice(from, to)}</mark>
    </Fragment>
  ));
}
