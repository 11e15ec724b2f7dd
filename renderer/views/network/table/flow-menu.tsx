import type { FlowWorld } from '../../../derive/flows/index.ts';
import { ContextMenu, type MenuChoice } from '../../../widgets/context-menu.tsx';
import type { MenuPlace } from '../../../widgets/grid.tsx';

type FlowAction = 'capture' | 'process' | 'other' | 'copy';

export interface FlowMenuProps extends MenuPlace {
  readonly world: FlowWorld;
  readonly place: number;
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  /** null = there is nothing to capture from. */
  readonly onCapture: (() => void) | null;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}

/** What can be done with one flow. */
export function FlowMenu(props: FlowMenuProps) {
  const { world, place, clientX, clientY, onClose } = props;
  const { protocol, local, remote } = world.text(place);
  const { process } = world.owner(place);
  const choices: readonly MenuChoice<FlowAction>[] = [
    ...(props.onCapture ? [{ action: 'capture', text: 'Capture its packets…', key: 'K' } as const] : []),
    ...(process === 0 ? [] : OF_A_PROCESS),
    { action: 'copy', text: 'Copy', key: 'C' },
  ];
  const act = (action: FlowAction) => {
    if (action === 'capture') props.onCapture?.();
    else if (action === 'process') props.onProcess(process);
    else if (action === 'other') props.onOther(process);
    else props.onCopy();
  };
  return (
    <ContextMenu
      title={`${protocol} ${local} ${remote}`}
      {...{ choices, clientX, clientY, onClose }}
      onChoose={(action) => {
        onClose();
        act(action);
      }}
    />
  );
}

const OF_A_PROCESS: readonly MenuChoice<FlowAction>[] = [
  { action: 'process', text: 'Only this process', key: 'P' },
  { action: 'other', text: 'This process in the next view', key: 'G' },
];
