import type { ReactNode } from 'react';
import { Button } from '../../widgets/button.tsx';
import { ChevronIcon, ClockIcon, FlagIcon, MinusIcon, PlusIcon, WholeIcon } from '../../widgets/icons.tsx';
import type { AxisSize, ClockKind } from '../../views/axis/index.ts';

export interface AxisToolsProps {
  readonly size: AxisSize;
  readonly clock: ClockKind;
  readonly growing: boolean;
  /** All is shown, and goes along with what comes in. */
  readonly isWhole: boolean;
  readonly onSize: (size: AxisSize) => void;
  readonly onClock: (clock: ClockKind) => void;
  /** < 1 comes closer. */
  readonly onZoom: (factor: number) => void;
  readonly onWhole: () => void;
  readonly onMark: () => void;
  /** The list of marks. */
  readonly children: ReactNode;
}

const ZOOM = 0.5;

/** What can be done with the axis; the less used have no place where it is one line. */
export function AxisTools(props: AxisToolsProps) {
  const { size, clock, growing, isWhole, onSize, onClock, onZoom, onWhole, onMark, children } = props;
  const isFull = size === 'full';
  return (
    <div className="axis-tools" role="group" aria-label="Time axis tools">
      <Tool label="Add a mark (M)" onClick={onMark}>
        <FlagIcon size={14} />
        <PlusIcon size={9} />
      </Tool>
      {children}
      {isFull && (
        <>
          <Tool label="Zoom in (+)" onClick={() => onZoom(ZOOM)}>
            <PlusIcon size={14} />
          </Tool>
          <Tool label="Zoom out (−)" onClick={() => onZoom(1 / ZOOM)}>
            <MinusIcon size={14} />
          </Tool>
        </>
      )}
      <Tool label={growing ? 'Back to live (L)' : 'Show all (L)'} disabled={isWhole} onClick={onWhole}>
        <WholeIcon size={14} />
      </Tool>
      {isFull && (
        <Tool
          label={clock === 'wall' ? 'Show seconds since the start' : 'Show the time of day'}
          onClick={() => onClock(clock === 'wall' ? 'start' : 'wall')}
        >
          <ClockIcon size={14} />
        </Tool>
      )}
      <Tool
        label={isFull ? 'One line' : 'All tracks'}
        isExpanded={isFull}
        onClick={() => onSize(isFull ? 'line' : 'full')}
      >
        <span className={isFull ? 'axis-fold' : 'axis-unfold'}>
          <ChevronIcon size={14} />
        </span>
      </Tool>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly isExpanded?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, disabled = false, isExpanded, onClick, children }: ToolProps) {
  return (
    <Button
      look="quiet"
      aria-label={label}
      title={label}
      aria-expanded={isExpanded}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
