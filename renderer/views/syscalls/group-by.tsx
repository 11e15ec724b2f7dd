import type { CallGrouping } from '../../derive/calls/index.ts';
import { Segmented } from '../../widgets/segmented.tsx';

const GROUPINGS = [
  { value: 'call-process', text: 'Call × process' },
  { value: 'call', text: 'Call' },
  { value: 'process', text: 'Process' },
  { value: 'thread', text: 'Thread' },
  { value: 'container', text: 'Container' },
] as const;

/** What one row of the table stands for. */
export function GroupBy(props: {
  readonly grouping: CallGrouping;
  readonly onChange: (grouping: CallGrouping) => void;
}) {
  return (
    <div className="calls-group-by">
      <span>Row per</span>
      <Segmented label="Row per" options={GROUPINGS} value={props.grouping} onChange={props.onChange} />
    </div>
  );
}
