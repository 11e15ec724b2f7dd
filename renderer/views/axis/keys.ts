import type { RangeNs } from '../../store/index.ts';
import { lengthOf, panned, zoomed } from './stretch.ts';

interface AxisVerbs {
  readonly domain: RangeNs;
  readonly bounds: RangeNs;
  readonly onDomain: (domain: RangeNs) => void;
  readonly onClear: () => void;
  readonly onWhole: () => void;
}

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Of the picture's length. */
const PAN = 0.1;
const PAN_FAR = 0.5;
const ZOOM = 0.6;

/** What a key does while the axis has the focus; null = nothing. */
export function axisKey({ key, shiftKey, ctrlKey, altKey, metaKey }: Key, verbs: AxisVerbs): (() => void) | null {
  const { domain, bounds, onDomain, onClear, onWhole } = verbs;
  if (ctrlKey || altKey || metaKey) return null;
  const pan = (direction: number) => () => onDomain(panned(domain, direction * (shiftKey ? PAN_FAR : PAN), bounds));
  const zoom = (factor: number) => () => onDomain(zoomed(domain, factor, (domain.fromNs + domain.toNs) / 2, bounds));
  const goTo = (fromNs: number) => () => onDomain({ fromNs, toNs: fromNs + lengthOf(domain) });
  switch (key) {
    case 'ArrowLeft':
      return pan(-1);
    case 'ArrowRight':
      return pan(1);
    case '+':
    case '=':
      return zoom(ZOOM);
    case '-':
      return zoom(1 / ZOOM);
    case 'Home':
      return goTo(bounds.fromNs);
    case 'End':
      return goTo(bounds.toNs - lengthOf(domain));
    case '0':
      return onWhole;
    case 'Escape':
      return onClear;
    default:
      return null;
  }
}
