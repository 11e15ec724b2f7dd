import { expect, test } from 'vitest';
import { addTo, switchesFor } from '../../../electron/shell/lean.ts';

test('the GPU is left alone wherever there is one', () => {
  for (const device of ['/dev/dri', '/dev/nvidia0', '/dev/dxg'])
    expect(switchesFor((path) => path === device)).toEqual([]);
  expect(switchesFor(() => false)).toEqual(['disable-gpu', 'disable-software-rasterizer']);
});

test('what was asked for on the command line stays, and comes last', () => {
  const given = new Map([['enable-features', 'One,Two']]);
  const commandLine = {
    getSwitchValue: (name: string) => given.get(name) ?? '',
    appendSwitch: (name: string, value = '') => void given.set(name, value),
  };
  addTo(commandLine, 'enable-features', 'Three');
  addTo(commandLine, 'js-flags', '--max-lazy');
  expect([...given]).toEqual([
    ['enable-features', 'Three,One,Two'],
    ['js-flags', '--max-lazy'],
  ]);
});
