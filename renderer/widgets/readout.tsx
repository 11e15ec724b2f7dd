import type { ReactNode } from 'react';

/** One line below a picture: what the pointer is on. `text`: all of it, also where there is no room. */
export function Readout({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <p className="readout">
      <span className="readout-text" title={text}>
        {children}
      </span>
    </p>
  );
}
