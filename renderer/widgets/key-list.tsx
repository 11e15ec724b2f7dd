export interface KeyHint {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Keys, and what they do. */
export function KeyList({ keys }: { readonly keys: readonly KeyHint[] }) {
  return (
    <dl className="key-list">
      {keys.map(({ keys: names, does }) => (
        <div key={does}>
          <dt>
            {names.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
