import type { ComparisonNote } from '../../../remote-agent/protocol/statistics/index.ts';

const WEIGHTS = { wrong: 'Misleading', careful: 'With care', hint: 'Note' } as const;

/** What keeps the two from being comparable, in plain words; open where it matters. */
export function ComparisonNotes({ notes }: { readonly notes: readonly ComparisonNote[] }) {
  if (notes.length === 0)
    return <p className="compare-notes compare-notes-none">Nothing speaks against comparing these two.</p>;
  const grave = notes.filter(({ weight }) => weight !== 'hint').length;
  return (
    <details className="compare-notes" open={grave > 0}>
      <summary>
        {grave > 0 ? `${grave} ${grave === 1 ? 'thing' : 'things'} to know before comparing these two` : 'Comparable'}
        {grave < notes.length && <span className="compare-notes-more"> · {notesText(notes.length - grave)}</span>}
      </summary>
      <ul>
        {notes.map(({ weight, what, means }) => (
          <li key={what} data-weight={weight}>
            <span className="compare-note-weight">{WEIGHTS[weight]}</span>
            <b>{what}</b>
            <span>{means}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function notesText(count: number): string {
  return count === 1 ? '1 note' : `${count} notes`;
}
