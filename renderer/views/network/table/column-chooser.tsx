import { Popover } from '../../../widgets/popover.tsx';
import { Button } from '../../../widgets/button.tsx';
import { type Column, COLUMNS, columnSpec, FIRST_COLUMNS } from './columns.ts';

export interface ColumnChooserProps {
  readonly columns: readonly Column[];
  readonly onChange: (columns: readonly Column[]) => void;
}

/** Which columns the table has; remembered between sessions. */
export function ColumnChooser({ columns, onChange }: ColumnChooserProps) {
  return (
    <Popover face="Columns…" label="Columns of the table" look="button-plain" side="below" align="end">
      {() => (
        <div className="flows-chooser">
          {COLUMNS.map((column) => {
            const { title, help } = columnSpec(column);
            const isShown = columns.includes(column);
            return (
              <label key={column} title={help ?? ''}>
                <input
                  type="checkbox"
                  checked={isShown}
                  // A table without a column would be no table.
                  disabled={isShown && columns.length === 1}
                  onChange={() => onChange(isShown ? columns.filter((each) => each !== column) : [...columns, column])}
                />
                {title}
              </label>
            );
          })}
          <Button look="quiet" onClick={() => onChange(FIRST_COLUMNS)}>
            As at first
          </Button>
        </div>
      )}
    </Popover>
  );
}
