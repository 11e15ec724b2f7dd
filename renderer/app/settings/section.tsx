import type { ReactNode } from 'react';

/** A heading, and beside it what belongs to it. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="settings-section" aria-label={title}>
      <h3>{title}</h3>
      <div className="settings-rows">{children}</div>
    </section>
  );
}
