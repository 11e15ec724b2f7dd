import { Button } from '../../widgets/button.tsx';
import { Chip } from './chip.tsx';

export interface PickedRowProps {
  readonly text: string;
  /** null where the row is about several. */
  readonly process: number | null;
  /** "CPU profile"; null where there is no other view. */
  readonly otherTitle: string | null;
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  readonly onClear: () => void;
}

/** The row that the pictures show, and where one can go from it. */
export function PickedRow({ text, process, otherTitle, onProcess, onOther, onClear }: PickedRowProps) {
  return (
    <div className="calls-picked">
      <Chip text={text} title="All rows" onClear={onClear} />
      {process !== null && (
        <Button look="quiet" title="Only this process, in every view (P)" onClick={() => onProcess(process)}>
          Only its process
        </Button>
      )}
      {process !== null && otherTitle !== null && (
        <Button look="quiet" title={`${otherTitle} of this process (G)`} onClick={() => onOther(process)}>
          Its {otherTitle} →
        </Button>
      )}
    </div>
  );
}
