import { CrossIcon } from '../../widgets/icons.tsx';

/** Something that narrows what is shown, and the way to be rid of it. */
export function Chip({ text, title, onClear }: { text: string; title: string; onClear: () => void }) {
  return (
    <button
      type="button"
      className="calls-chip"
      title={`${title} (Esc)`}
      aria-label={`${title}: ${text}`}
      onClick={onClear}
    >
      <span>{text}</span>
      <CrossIcon size={11} />
    </button>
  );
}
