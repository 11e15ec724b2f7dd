import type { ReactNode } from 'react';
import { type KeyHint, KeyList } from './key-list.tsx';
import { Popover } from './popover.tsx';

/** What the numbers of a view are, what they cannot tell, and which keys there are. `?` opens it from anywhere. */
export function Help({ keys, children }: { readonly keys: readonly KeyHint[]; readonly children: ReactNode }) {
  return (
    <Popover face="?" label="About these numbers, and keys (?)" look="button-quiet" side="below" align="end" hotkey="?">
      {() => (
        // It may be higher than the window, and is scrolled by keys too.
        <div className="help" role="region" aria-label="Help" tabIndex={0}>
          {children}
          <h3>Keys</h3>
          <KeyList keys={keys} />
        </div>
      )}
    </Popover>
  );
}
