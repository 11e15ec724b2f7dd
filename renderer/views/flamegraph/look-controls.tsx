import type { Names } from '../../derive/index.ts';
import { Popover } from '../../widgets/popover.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import type { Look } from './look.ts';

const GROUPINGS = [
  { value: 'process', text: 'Process' },
  { value: 'thread', text: 'Thread' },
  { value: 'none', text: 'None' },
] as const;
const ROOTS = [
  { value: 'top', text: 'Top' },
  { value: 'bottom', text: 'Bottom' },
] as const;

/** Orientation, inversion, grouping, and what is hidden. */
export function LookControls({ look, names }: { readonly look: Look; readonly names: Names }) {
  const { grouping, hidden, mergeRecursion } = look.options;
  return (
    <div className="flame-look">
      {hidden.size > 0 && (
        <button
          type="button"
          className="button button-plain flame-hidden"
          title={`Hidden: ${[...hidden].map((id) => names.name(id)).join(', ')}`}
          onClick={() => look.showHidden()}
        >
          Show {hidden.size} hidden
        </button>
      )}
      <button
        type="button"
        className="button button-plain"
        aria-pressed={look.inverted}
        title="Start from what ran, with its callers below it"
        onClick={() => look.setInverted(!look.inverted)}
      >
        Invert
      </button>
      <Popover face="View" label="How the flame graph is drawn" look="button-plain" side="below" align="end">
        {() => (
          <div className="flame-look-panel">
            <span>Root at the</span>
            <Segmented
              label="Root at the"
              options={ROOTS}
              value={look.rootOnTop ? 'top' : 'bottom'}
              onChange={(value) => look.setRootOnTop(value === 'top')}
            />
            <span>Group by</span>
            <Segmented
              label="Group by"
              options={GROUPINGS}
              value={grouping}
              onChange={(value) => look.setGrouping(value)}
            />
            <label>
              <input
                type="checkbox"
                checked={mergeRecursion}
                onChange={(event) => look.setMergeRecursion(event.target.checked)}
              />
              Merge direct recursion
            </label>
          </div>
        )}
      </Popover>
    </div>
  );
}
