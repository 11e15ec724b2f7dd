import { describe, expect, it } from 'vitest';
import { choicesFor } from '../../../renderer/views/flamegraph/actions.ts';
import { commandOf, KEY_HELP, type KeyPress } from '../../../renderer/views/flamegraph/keys.ts';

function press(text: string): KeyPress {
  const parts = text.split('+').filter((part) => part !== '');
  const key = parts.at(-1) ?? '+';
  const has = (modifier: string) => parts.slice(0, -1).includes(modifier);
  return { key, ctrlKey: has('Ctrl'), metaKey: has('Meta'), altKey: has('Alt'), shiftKey: has('Shift') };
}

describe('commandOf', () => {
  it.each([
    ['ArrowDown', 'callee', 'caller'],
    ['ArrowUp', 'caller', 'callee'],
    ['ArrowLeft', 'previous', 'previous'],
    ['Enter', 'zoom', 'zoom'],
    ['Escape', 'back', 'back'],
    ['Alt+ArrowLeft', 'back', 'back'],
    ['Ctrl+ArrowLeft', 'pan-left', 'pan-left'],
    ['Ctrl+f', 'search', 'search'],
    ['Meta+f', 'search', 'search'],
    ['/', 'search', 'search'],
    ['c', 'copy-name', 'copy-name'],
    ['Shift+C', 'copy-stack', 'copy-stack'],
    ['A', 'pan-left', 'pan-left'],
    ['Shift+F10', 'menu', 'menu'],
    ['Shift+F3', 'previous-match', 'previous-match'],
    ['?', 'help', 'help'],
  ])('%s: %s with the root on top, %s with it at the bottom', (text, onTop, atBottom) => {
    expect([commandOf(press(text), true), commandOf(press(text), false)]).toEqual([onTop, atBottom]);
  });

  it("leaves what is not its own: Space pauses the session, Ctrl+R and Tab are the window's", () => {
    expect([' ', 'Tab', 'Ctrl+r', 'Alt+F4', 'F5', 'Ctrl+a'].map((text) => commandOf(press(text), true))).toEqual(
      Array(6).fill(null),
    );
  });

  it('has every key of the help', () => {
    const spelled: Record<string, string> = {
      '↑': 'ArrowUp',
      '↓': 'ArrowDown',
      '←': 'ArrowLeft',
      '→': 'ArrowRight',
      Esc: 'Escape',
      'Alt+←': 'Alt+ArrowLeft',
    };
    for (const { keys } of KEY_HELP) {
      for (const key of keys) {
        const text = spelled[key] ?? (/^[A-Z]$/.test(key) ? key.toLowerCase() : key.replace('Ctrl+F', 'Ctrl+f'));
        expect([key, commandOf(press(text), true)]).not.toEqual([key, null]);
      }
    }
  });
});

describe('choicesFor', () => {
  it('offers what makes sense for the frame', () => {
    const actions = (what: Parameters<typeof choicesFor>[0], hasProcess = true) =>
      choicesFor(what, { hasProcess, otherTitles: [] }).map((choice) => choice.action);
    expect(actions('function')).toEqual([
      'zoom',
      'sandwich',
      'search',
      'filter-process',
      'hide',
      'copy-name',
      'copy-stack',
    ]);
    expect(actions('function', false)).not.toContain('filter-process');
    expect(actions('process')).toEqual(['zoom', 'filter-process', 'search', 'copy-name']);
    expect(actions('root')).toEqual(['zoom']);
  });

  it('leads to the other views of a process, where there are some', () => {
    const others = (what: Parameters<typeof choicesFor>[0], hasProcess = true) =>
      choicesFor(what, { hasProcess, otherTitles: ['System calls', 'Network flows'] })
        .filter(({ action }) => action.startsWith('show '))
        .map(({ text }) => text);
    expect(others('function')).toEqual(['System calls of this process', 'Network flows of this process']);
    expect(others('thread')).toEqual(['System calls of this thread', 'Network flows of this thread']);
    expect([others('function', false), others('root')]).toEqual([[], []]);
  });
});
