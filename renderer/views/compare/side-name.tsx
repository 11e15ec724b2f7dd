import { useId, useState } from 'react';
import type { CompareSide } from '../../derive/compare/index.ts';
import { Button } from '../../widgets/button.tsx';
import { formatDuration } from '../../widgets/format.ts';
import { Popover } from '../../widgets/popover.tsx';
import './side-name.css';

const NS_PER_S = 1e9;

export interface SideNameProps {
  readonly name: 'Before' | 'After';
  readonly side: CompareSide & { readonly title: string; readonly detail: string };
  readonly onRange: (range: { readonly fromNs: number; readonly toNs: number }) => void;
}

/** What a side is; pressed, which part of it. */
export function SideName({ name, side, onRange }: SideNameProps) {
  const face = (
    <>
      <span className="compare-side-name">{name}</span> <span>{side.title}</span>
    </>
  );
  return (
    <div className="compare-side">
      <Popover
        face={face}
        label={`${name}: ${side.detail}. Choose a part`}
        look="button-quiet"
        side="below"
        align="start"
      >
        {(close) => <PartForm {...{ side, name, onRange }} onDone={close} />}
      </Popover>
    </div>
  );
}

function PartForm({ side, name, onRange, onDone }: SideNameProps & { readonly onDone: () => void }) {
  const { firstNs, lastNs } = side.snapshot;
  const whole = (lastNs - firstNs) / NS_PER_S;
  const [from, setFrom] = useState(((side.fromNs - firstNs) / NS_PER_S).toFixed(1));
  const [to, setTo] = useState(((side.toNs - firstNs) / NS_PER_S).toFixed(1));
  const [fromId, toId, whyId] = [useId(), useId(), useId()];
  const [begin, end] = [Number(from), Number(to)];
  const isRange = from !== '' && to !== '' && begin >= 0 && end <= whole + 0.1 && end - begin >= 0.1;
  const choose = (fromS: number, toS: number) => {
    onDone();
    onRange({ fromNs: firstNs + fromS * NS_PER_S, toNs: Math.min(lastNs, firstNs + toS * NS_PER_S) });
  };
  const field = (id: string, text: string, value: string, set: (value: string) => void) => (
    <>
      <label htmlFor={id}>{text}</label>
      <input
        id={id}
        type="number"
        step="0.1"
        min="0"
        max={whole.toFixed(1)}
        value={value}
        aria-describedby={isRange ? undefined : whyId}
        aria-invalid={isRange ? undefined : true}
        onChange={(event) => set(event.target.value)}
      />
    </>
  );
  return (
    <form
      className="compare-part"
      aria-label={`Part of the side “${name}”`}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRange) choose(begin, end);
      }}
    >
      <p>{side.detail}</p>
      <div className="compare-part-fields">
        {field(fromId, 'From', from, setFrom)}
        {field(toId, 'to', to, setTo)}
        <span>s of {formatDuration(whole)}</span>
      </div>
      {!isRange && (
        <p id={whyId} className="compare-part-wrong" role="status">
          Two times within it, the earlier one first.
        </p>
      )}
      <div className="compare-part-actions">
        <Button submits look="primary" disabled={!isRange}>
          Compare this part
        </Button>
        <Button onClick={() => choose(0, whole)}>All of it</Button>
      </div>
    </form>
  );
}
