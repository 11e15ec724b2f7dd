import { describe, expect, it } from 'vitest';
import { NamedRanges } from '../../../remote-agent/agent/names/ranges.ts';

describe('known ranges', () => {
  it('answer for what lies in them', () => {
    const ranges = new NamedRanges();
    ranges.add(100, 110, 'b');
    ranges.add(50, 60, 'a');
    ranges.add(200, 201, 'c');
    ranges.add(200, 205, 'c');
    expect([49, 50, 59, 60, 100, 109, 110, 204, 205].map((offset) => ranges.find(offset))).toEqual([
      null,
      'a',
      'a',
      null,
      'b',
      'b',
      null,
      'c',
      null,
    ]);
    expect(ranges.size).toBe(3);
    ranges.clear();
    expect(ranges.find(50)).toBeNull();
  });
});
