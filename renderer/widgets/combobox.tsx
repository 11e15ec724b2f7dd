import { useEffect, useId, useMemo, useRef, useState } from 'react';

export interface ComboOption {
  /** Unique among the options. */
  readonly id: string;
  readonly text: string;
  /** Beside the text, dimmed: "1 234 samples". */
  readonly detail: string;
}

export interface ComboboxProps {
  readonly label: string;
  /** What stands for "no choice": "Any process". */
  readonly anyText: string;
  readonly options: readonly ComboOption[];
  /** null = no choice. */
  readonly chosen: ComboOption | null;
  readonly onChoose: (id: string | null) => void;
}

/** Rows in the list: more are found by typing. */
const MOST_SHOWN = 200;

/** A list one can type into. While it is open its order stands still, whatever the samples do. */
export function Combobox({ label, anyText, options, chosen, onChoose }: ComboboxProps) {
  const [held, setHeld] = useState<readonly ComboOption[] | null>(null);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const listId = useId();
  const isOpen = held !== null;
  const shown = useMemo(() => filtered(held ?? [], text, anyText), [held, text, anyText]);

  const open = () => {
    setHeld(options);
    setText('');
    setActive(0);
  };
  const close = () => setHeld(null);
  const choose = (at: number) => {
    const option = shown[at];
    if (option) onChoose(option.id === ANY ? null : option.id);
    close();
  };
  useEffect(() => {
    if (!isOpen) return;
    const elsewhere = (event: PointerEvent) => {
      if (!(event.target instanceof Node && root.current?.contains(event.target))) setHeld(null);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [isOpen]);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  return (
    <div className="combo" ref={root}>
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen ? `${listId}-${active}` : undefined}
        className={chosen ? 'combo-set' : undefined}
        title={chosen ? `${label}: ${chosen.text}` : label}
        spellCheck={false}
        value={isOpen ? text : (chosen?.text ?? anyText)}
        placeholder={chosen?.text ?? anyText}
        onClick={() => {
          if (!isOpen) open();
        }}
        onChange={(event) => {
          if (!isOpen) open();
          setText(event.target.value);
          setActive(0);
        }}
        onBlur={close}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (!isOpen) return open();
            const by = event.key === 'ArrowDown' ? 1 : -1;
            setActive((active + by + shown.length) % Math.max(1, shown.length));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            if (isOpen) choose(active);
            else open();
          } else if (event.key === 'Escape' && isOpen) {
            event.preventDefault();
            event.stopPropagation();
            close();
          }
        }}
      />
      {chosen && (
        <button
          type="button"
          className="combo-clear"
          aria-label={`${label}: any`}
          title={anyText}
          onClick={() => onChoose(null)}
        >
          ×
        </button>
      )}
      {isOpen && (
        <ul id={listId} ref={list} role="listbox" aria-label={label} className="combo-list">
          {shown.map((option, at) => (
            <li
              key={option.id}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === active}
              // Before the field loses the focus, which would close the list.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(at);
              }}
            >
              <span className="combo-text">{option.text}</span>
              <span className="combo-detail">{option.detail}</span>
            </li>
          ))}
          {shown.length === 0 && <li className="combo-none">Nothing matches</li>}
        </ul>
      )}
    </div>
  );
}

const ANY = '';

function filtered(options: readonly ComboOption[], text: string, anyText: string): ComboOption[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [{ id: ANY, text: anyText, detail: '' }, ...options.slice(0, MOST_SHOWN)];
  return options.filter((option) => option.text.toLowerCase().includes(wanted)).slice(0, MOST_SHOWN);
}
