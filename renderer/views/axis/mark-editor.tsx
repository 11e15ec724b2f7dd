import { useEffect, useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import type { Mark } from '../../../electron/bridge/contract.ts';
import type { RangeNs } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import type { AxisClock } from './clock.ts';
import { markTime } from './mark-words.ts';
import { clamp, shareAt } from './stretch.ts';
import type { Marking } from './use-marking.ts';

export interface MarkEditorProps extends Pick<Marking, 'isNew' | 'save' | 'remove' | 'cancel'> {
  readonly mark: Mark;
  readonly domain: RangeNs;
  readonly clock: AxisClock;
}

/** As long a note as one reads on an axis. */
const MOST_CHARACTERS = 500;

/** A field below the mark's place. Enter keeps, Escape does not. */
export function MarkEditor({ mark, isNew, domain, clock, save, remove, cancel }: MarkEditorProps) {
  const [text, setText] = useState(mark.text);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    field.current?.select();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const share = clamp(shareAt(domain, (mark.fromNs + mark.toNs) / 2), 0, 1);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') cancel();
  };
  return (
    <form
      className="axis-editor"
      aria-label={isNew ? 'New mark' : 'Mark'}
      style={share < 0.5 ? { left: `${share * 100}%` } : { right: `${(1 - share) * 100}%` }}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save(text);
      }}
      onKeyDown={onKeyDown}
    >
      <label>
        {isNew ? 'Mark at' : 'Mark of'} {markTime(mark, clock)}
        <input
          ref={field}
          type="text"
          value={text}
          maxLength={MOST_CHARACTERS}
          placeholder="What happened here"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="axis-editor-buttons">
        <Button look="primary" submits>
          Save
        </Button>
        <Button onClick={cancel}>Cancel</Button>
        {!isNew && (
          <Button look="danger" onClick={() => remove(mark)}>
            Delete
          </Button>
        )}
      </div>
    </form>
  );
}
