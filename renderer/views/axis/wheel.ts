import type { RangeNs } from '../../store/index.ts';
import { panned, zoomed } from './stretch.ts';

/** Of one notch of a usual mouse (100 px): a fifth nearer. */
const ZOOM_PER_PX = 0.0022;
/** A pinch comes as a wheel with Ctrl, in much smaller steps. */
const PINCH_PER_PX = 0.01;
const PX_PER_LINE = 18;

type Wheel = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'shiftKey' | 'ctrlKey'>;

/** What the wheel shows next: zoom at the pointer; with Shift or sideways, pan. null = nothing. */
export function wheelStep(
  { deltaX, deltaY, deltaMode, shiftKey, ctrlKey }: Wheel,
  domain: RangeNs,
  atNs: number,
  widthPx: number,
  bounds: RangeNs,
): RangeNs | null {
  const unit = deltaMode === 0 ? 1 : PX_PER_LINE;
  const sideways = shiftKey && deltaX === 0 ? deltaY : deltaX;
  if (Math.abs(sideways) > Math.abs(shiftKey ? 0 : deltaY)) return panned(domain, (sideways * unit) / widthPx, bounds);
  if (deltaY === 0) return null;
  return zoomed(domain, Math.exp(deltaY * unit * (ctrlKey ? PINCH_PER_PX : ZOOM_PER_PX)), atNs, bounds);
}
