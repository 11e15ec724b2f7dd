import type { Names, NodePath } from '../../derive/index.ts';
import type { ZoomState } from './flame-picture.tsx';

export interface BreadcrumbProps {
  readonly zoom: ZoomState;
  readonly names: Names;
  readonly onZoom: (path: NodePath) => void;
  readonly onBack: () => void;
}

/** Crumbs that are always shown: the first one (the process) and the last ones. */
const FIRST = 1;
const LAST = 3;

/** The way from everything to the zoomed frame; a press on one of them zooms out to it. */
export function Breadcrumb({ zoom, names, onZoom, onBack }: BreadcrumbProps) {
  const { path, reached, canGoBack } = zoom;
  const hidden = path.length > FIRST + LAST + 1 ? { from: FIRST, to: path.length - LAST } : null;
  return (
    <nav className="flame-crumbs" aria-label="Zoomed frame">
      <button
        type="button"
        className="button button-quiet"
        disabled={!canGoBack}
        title="Back (Esc)"
        aria-label="Back"
        onClick={onBack}
      >
        ←
      </button>
      <ol>
        <li>
          <button type="button" aria-current={path.length === 0 ? 'true' : undefined} onClick={() => onZoom([])}>
            All
          </button>
        </li>
        {path.map((key, at) => {
          if (hidden && at >= hidden.from && at < hidden.to) {
            return at === hidden.from ? (
              <li key={at} className="flame-crumbs-gap" title={namesOf(path.slice(hidden.from, hidden.to), names)}>
                … {hidden.to - hidden.from} more
              </li>
            ) : null;
          }
          const isLast = at === path.length - 1;
          return (
            <li key={at} className={at >= reached ? 'flame-crumb-absent' : undefined}>
              <button
                type="button"
                title={at >= reached ? `${names.name(key)}: no samples now` : names.name(key)}
                aria-current={isLast ? 'true' : undefined}
                onClick={() => onZoom(path.slice(0, at + 1))}
              >
                {names.short(key)}
              </button>
            </li>
          );
        })}
      </ol>
      {reached < path.length && <span className="flame-crumbs-note">no samples now</span>}
    </nav>
  );
}

function namesOf(path: NodePath, names: Names): string {
  return path.map((key) => names.name(key)).join('\n');
}
