import { useEffect, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';

const MARGIN_PX = 8;

export interface MenuChoice<Action extends string> {
  readonly action: Action;
  readonly text: string;
  /** That does the same. */
  readonly key?: string;
}

export interface ContextMenuProps<Action extends string> {
  readonly title: string;
  readonly choices: readonly MenuChoice<Action>[];
  readonly clientX: number;
  readonly clientY: number;
  readonly onChoose: (action: Action) => void;
  readonly onClose: () => void;
}

/** The menu of the thing pointed at: arrows, Home, End, letters; Escape or a press elsewhere closes. */
export function ContextMenu<Action extends string>(props: ContextMenuProps<Action>) {
  const { title, choices, clientX, clientY, onChoose, onClose } = props;
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    const { offsetWidth, offsetHeight } = element;
    element.style.left = `${Math.max(MARGIN_PX, Math.min(clientX, window.innerWidth - offsetWidth - MARGIN_PX))}px`;
    element.style.top = `${Math.max(MARGIN_PX, Math.min(clientY, window.innerHeight - offsetHeight - MARGIN_PX))}px`;
    itemsOf(element)[0]?.focus();
  }, [clientX, clientY]);
  useEffect(() => {
    const elsewhere = (event: Event) => {
      if (!(event.target instanceof Node && menu.current?.contains(event.target))) onClose();
    };
    document.addEventListener('pointerdown', elsewhere, true);
    window.addEventListener('blur', onClose);
    return () => {
      document.removeEventListener('pointerdown', elsewhere, true);
      window.removeEventListener('blur', onClose);
    };
  }, [onClose]);
  return (
    <div
      ref={menu}
      className="context-menu"
      role="menu"
      aria-label={title}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape' || event.key === 'Tab') {
          event.preventDefault();
          onClose();
        } else moveFocus(event);
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <p className="context-menu-title">{title}</p>
      {choices.map(({ action, text, key }) => (
        <button key={action} type="button" role="menuitem" tabIndex={-1} onClick={() => onChoose(action)}>
          {text}
          {key && <kbd>{key}</kbd>}
        </button>
      ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement): HTMLButtonElement[] {
  return [...menu.querySelectorAll('button')];
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget);
  const at = items.findIndex((item) => item === document.activeElement);
  const to = targetOf(event.key, at, items);
  if (to === null) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

function targetOf(key: string, at: number, items: readonly HTMLButtonElement[]): number | null {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return items.length - 1;
    default: {
      const letter = key.toLowerCase();
      const from = [...items.keys()].map((i) => (at + 1 + i) % items.length);
      const found = from.find((i) => items[i]?.textContent?.toLowerCase().startsWith(letter));
      return key.length === 1 && found !== undefined ? found : null;
    }
  }
}
