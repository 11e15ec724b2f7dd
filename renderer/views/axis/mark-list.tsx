import { Button } from '../../widgets/button.tsx';
import { FlagIcon } from '../../widgets/icons.tsx';
import { Popover } from '../../widgets/popover.tsx';
import type { Mark } from '../../../electron/bridge/contract.ts';
import type { AxisClock } from './clock.ts';
import type { Happening } from './happenings.ts';
import { MADE_BY, markTime } from './mark-words.ts';
import type { Marking } from './use-marking.ts';

export interface MarkListProps {
  readonly marking: Marking;
  readonly happenings: readonly Happening[];
  readonly clock: AxisClock;
  readonly canUndo: boolean;
  readonly onUndo: () => void;
  readonly onGo: (mark: Mark) => void;
  readonly onGoTo: (ns: number) => void;
}

/** All marks, and what the device told of itself; a press goes there. */
export function MarkList(props: MarkListProps) {
  const { marking, happenings, clock, canUndo, onUndo, onGo, onGoTo } = props;
  const { marks } = marking;
  return (
    <Popover
      face={
        <>
          <FlagIcon size={13} />
          {marks.length}
        </>
      }
      label="Marks and events"
      look="button-quiet axis-tool"
      side="below"
      align="end"
    >
      {(close) => (
        <div className="axis-list">
          <header>
            <h3>Marks</h3>
            {canUndo && (
              <Button look="link" onClick={onUndo}>
                Undo
              </Button>
            )}
          </header>
          {marks.length === 0 && <p className="axis-list-empty">None yet. M puts one where the axis stands.</p>}
          <ul>
            {marks.map((mark) => (
              <li key={mark.id}>
                <button
                  type="button"
                  className="button button-link"
                  onClick={() => {
                    onGo(mark);
                    close();
                  }}
                >
                  {markTime(mark, clock)}
                </button>
                <span className="axis-list-text" title={mark.text}>
                  {mark.text}
                </span>
                {mark.by !== 'user' && <span className="axis-list-by">{MADE_BY[mark.by]}</span>}
                <Button look="link" aria-label={`Delete the mark ${mark.text}`} onClick={() => marking.remove(mark)}>
                  Delete
                </Button>
              </li>
            ))}
          </ul>
          <h3>Events of the device</h3>
          {happenings.length === 0 && <p className="axis-list-empty">None.</p>}
          <ul>
            {happenings.toReversed().map(({ atNs, text }, index) => (
              // They have no name of their own, and no state.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index}>
                <button
                  type="button"
                  className="button button-link"
                  onClick={() => {
                    onGoTo(atNs);
                    close();
                  }}
                >
                  {clock.text(atNs)}
                </button>
                <span className="axis-list-text" title={text}>
                  {text}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}
