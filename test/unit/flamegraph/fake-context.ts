/** A 2D context that writes down what it is told, as text. */
import type { DrawContext } from '../../../renderer/views/flamegraph/draw.ts';

export interface FakeContext extends DrawContext {
  readonly log: string[];
}

const round = (value: unknown) => (typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value));

export function fakeContext(): FakeContext {
  const log: string[] = [];
  const fields = new Map<PropertyKey, unknown>();
  return new Proxy({} as FakeContext, {
    get(_, name) {
      if (name === 'log') return log;
      if (fields.has(name)) return fields.get(name);
      return (...args: unknown[]) => log.push(`${String(name)} ${args.map(round).join(' ')}`.trim());
    },
    set(_, name, value) {
      fields.set(name, value);
      log.push(`${String(name)} = ${round(value)}`);
      return true;
    },
  });
}
