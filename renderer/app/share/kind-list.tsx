import {
  REDACTION_KIND_NAMES,
  REDACTION_KINDS,
  type RedactionFinding,
  type RedactionKind,
  type RedactionPreview,
  type RedactionRules,
} from '../../../electron/bridge/redaction.ts';
import { formatCount } from '../../widgets/format.ts';

export interface KindListProps {
  readonly rules: RedactionRules;
  /** null = not known yet. */
  readonly preview: RedactionPreview | null;
  readonly onChange: (kind: RedactionKind, isHidden: boolean) => void;
}

/** Every kind with its switch, how many there are, and what a few of them leave as. */
export function KindList({ rules, preview, onChange }: KindListProps) {
  return (
    <ul className="share-kinds" tabIndex={0} aria-label="What is hidden">
      {REDACTION_KIND_NAMES.map((kind) => {
        const found = preview?.kinds.find((each) => each.kind === kind) ?? null;
        return (
          <li key={kind} className={preview && !found ? 'share-kind share-none' : 'share-kind'}>
            <label title={REDACTION_KINDS[kind].help}>
              <input type="checkbox" checked={rules[kind]} onChange={(event) => onChange(kind, event.target.checked)} />
              {REDACTION_KINDS[kind].title}
            </label>
            <span className="share-count">{preview && (found ? formatCount(found.count) : 'none')}</span>
            <Samples found={found} isHidden={rules[kind]} />
          </li>
        );
      })}
    </ul>
  );
}

function Samples({ found, isHidden }: { readonly found: RedactionFinding | null; readonly isHidden: boolean }) {
  if (!found) return <span className="share-samples" />;
  const texts = found.samples.map(({ before, after }) => (isHidden ? `${before} → ${after}` : before));
  const [first] = found.samples;
  return (
    <span className="share-samples" title={texts.join('\n')}>
      {isHidden ? (
        <>
          <span className="share-before">{first?.before}</span>
          <span aria-hidden="true"> → </span>
          <span className="visually-hidden"> leaves as </span>
          <b>{first?.after || 'nothing'}</b>
        </>
      ) : (
        <span className="share-open">stays: {found.samples.map(({ before }) => before).join(', ')}</span>
      )}
    </span>
  );
}
