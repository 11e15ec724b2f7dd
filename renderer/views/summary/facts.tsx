import type { Fact } from '../../../electron/bridge/contract.ts';

/** Names and what they stand at. */
export function Facts({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <section className="summary-part">
      <h2>{title}</h2>
      <dl className="summary-facts">
        {facts.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
