import type { FlowMap } from '../../../derive/flows/index.ts';
import type { MapTarget } from './map-layout.ts';

/** Where an arrow key goes from what is pointed at; null = it goes nowhere. */
export function mapStep(key: string, pointed: MapTarget | null, { left, right }: FlowMap): MapTarget | null {
  const side = pointed?.kind === 'right' ? 'right' : 'left';
  const count = (side === 'left' ? left : right).length;
  if (count === 0) return null;
  const at = pointed && pointed.kind !== 'link' ? pointed.at : null;
  switch (key) {
    case 'ArrowDown':
      return { kind: side, at: at === null ? 0 : Math.min(count - 1, at + 1) };
    case 'ArrowUp':
      return { kind: side, at: at === null ? count - 1 : Math.max(0, at - 1) };
    case 'ArrowLeft':
      return { kind: 'left', at: Math.min(left.length - 1, at ?? 0) };
    case 'ArrowRight':
      return { kind: 'right', at: Math.min(right.length - 1, at ?? 0) };
    default:
      return null;
  }
}
