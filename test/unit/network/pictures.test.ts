import { describe, expect, it } from 'vitest';
import { timeColumns } from '../../../renderer/derive/calls/index.ts';
import { type FlowMap, flowMap, type MapLink, throughput } from '../../../renderer/derive/flows/index.ts';
import { drawMap, type MapContext, type MapInks } from '../../../renderer/views/network/map/map-draw.ts';
import { mapStep } from '../../../renderer/views/network/map/map-keys.ts';
import { isPartOf, layOutMap, mostNodes, targetAt } from '../../../renderer/views/network/map/map-layout.ts';
import { targetText } from '../../../renderer/views/network/map/map-words.ts';
import { filterForTarget } from '../../../renderer/views/network/map-filter.ts';
import { highestSum, ratePoints, seriesKey } from '../../../renderer/views/network/rates/rate-points.ts';
import { type Column, nextSorting, sortFlows } from '../../../renderer/views/network/table/columns.ts';
import { flowLine } from '../../../renderer/views/network/table/flows-table.tsx';
import { flowWindow } from '../../fixtures/flows.ts';
import { flowsOf, SECONDS, snapshotOf, START_NS } from './world.ts';

const [WIDTH, HEIGHT] = [1000, 300];
const snapshot = snapshotOf();
const flows = flowsOf(snapshot);
const map = flowMap(flows.world, flows.list, 'name', 10);

describe('layout of the map', () => {
  const layout = layOutMap(map, WIDTH, HEIGHT);

  it('keeps nodes apart and within the picture, the heavier the higher', () => {
    for (const side of [layout.left, layout.right]) {
      for (const [at, { top, height }] of side.entries()) {
        const next = side[at + 1];
        expect(top + height).toBeLessThan(next ? next.top : HEIGHT);
        if (next) expect(height).toBeGreaterThanOrEqual(next.height);
      }
    }
  });

  it('ends every ribbon on its nodes', () => {
    for (const ribbon of layout.ribbons) {
      const link = map.links[ribbon.link]!;
      const [left, right] = [layout.left[link.left]!, layout.right[link.right]!];
      expect(ribbon.leftTop).toBeGreaterThanOrEqual(left.top - 1e-6);
      expect(ribbon.leftTop + ribbon.leftHeight).toBeLessThanOrEqual(left.top + left.height + 1);
      expect(ribbon.rightTop).toBeGreaterThanOrEqual(right.top - 1e-6);
      expect(ribbon.rightTop + ribbon.rightHeight).toBeLessThanOrEqual(right.top + right.height + 1);
    }
  });

  it('finds what lies under a point: nodes at the sides, ribbons between', () => {
    const [ribbon] = layout.ribbons;
    expect(targetAt(layout, 5, layout.left[1]!.top + 3)).toEqual({ kind: 'left', at: 1 });
    expect(targetAt(layout, WIDTH - 5, layout.right[0]!.top + 3)).toEqual({ kind: 'right', at: 0 });
    expect(targetAt(layout, layout.fromX + 2, ribbon!.leftTop + ribbon!.leftHeight / 2)).toEqual({
      kind: 'link',
      at: 0,
    });
    expect(targetAt(layout, layout.toX - 2, ribbon!.rightTop + ribbon!.rightHeight / 2)).toEqual({
      kind: 'link',
      at: 0,
    });
    expect(targetAt(layout, 5, HEIGHT + 40)).toBeNull();
  });

  it('has room for some nodes however low it is, and for more the higher it is', () => {
    expect(mostNodes(10)).toBe(3);
    expect(mostNodes(600)).toBeGreaterThan(20);
  });

  it('is readable with 5,000 remote ends: every node has room for its name', () => {
    const links = Array.from({ length: 12 }, (_, at): MapLink => ({ ...map.links[0]!, left: at % 2, right: at }));
    const right = links.map((_, at) => ({ text: `remote ${at}`, key: String(at), members: 1, bytes: 10, flows: 400 }));
    const many: FlowMap = { ...map, right, links };
    const placed = layOutMap(many, WIDTH, HEIGHT);
    for (const { height } of placed.right) expect(height).toBeGreaterThanOrEqual(14);
  });
});

describe('drawing of the map', () => {
  function drawn(pointed: Parameters<typeof drawMap>[1]['pointed']) {
    const log: string[] = [];
    const context = {
      globalAlpha: 1,
      fillStyle: '',
      font: '',
      measureText: (text: string) => ({ width: text.length * 6 }),
      fillText: (text: string) => log.push(text),
      fill: () => log.push(`ribbon ${context.fillStyle} ${context.globalAlpha}`),
    } as unknown as MapContext & { fillStyle: string; globalAlpha: number };
    for (const name of [
      'beginPath',
      'bezierCurveTo',
      'closePath',
      'fillRect',
      'lineTo',
      'moveTo',
      'setTransform',
    ] as const)
      context[name] = () => undefined;
    const inks: MapInks = { background: '', ribbons: ['good', 'fair', 'poor'], bar: '', marked: '', text: '', dim: '' };
    const layout = layOutMap(map, WIDTH, HEIGHT);
    drawMap(context, { map, layout, inks, family: 'x', widthPx: WIDTH, heightPx: HEIGHT, pixelRatio: 1, pointed });
    return log;
  }

  it('paints trouble above what is well, and names each node with its bytes', () => {
    expect(drawn(null)).toEqual([
      'ribbon good 0.5',
      'ribbon poor 0.5',
      'ribbon poor 0.5',
      'bridge (102)',
      '3.00 kB',
      'broker (101)',
      '330 B',
      'cloud.example',
      '3.00 kB',
      '10.0.0.31',
      '330 B',
      '10.0.0.99',
      '0 B',
    ]);
  });

  it('lets all step back but what is pointed at', () => {
    const ribbons = drawn({ kind: 'left', at: 1 }).filter((line) => line.startsWith('ribbon'));
    expect(ribbons.filter((line) => line.endsWith('0.85'))).toHaveLength(1);
    expect(ribbons.filter((line) => line.endsWith('0.14'))).toHaveLength(2);
  });
});

describe('pointing at the map', () => {
  it('by keys: along a side, and across', () => {
    expect(mapStep('ArrowDown', null, map)).toEqual({ kind: 'left', at: 0 });
    expect(mapStep('ArrowDown', { kind: 'left', at: 1 }, map)).toEqual({ kind: 'left', at: 1 });
    expect(mapStep('ArrowRight', { kind: 'left', at: 1 }, map)).toEqual({ kind: 'right', at: 1 });
    expect(mapStep('a', null, map)).toBeNull();
  });

  it('says what it is, and how well it goes', () => {
    expect(targetText(map, { kind: 'left', at: 0 })).toBe(
      'bridge (102)   3.00 kB   2 flows   1 of 2 links in poor health',
    );
    expect(targetText(map, { kind: 'link', at: 1 })).toMatch(
      /^broker \(101\) ↔ 10\.0\.0\.31 {3}330 B .*33\.3 % sent again, RTT up to 7\.00 ms$/,
    );
    expect(isPartOf(map, 1, { kind: 'right', at: 1 })).toBe(true);
  });

  it('narrows the filter, and takes the place of what it said before', () => {
    const narrowed = (text: string, target: Parameters<typeof filterForTarget>[2]) =>
      filterForTarget(text, map, target, 'name', snapshot.tables);
    expect(narrowed('', { kind: 'left', at: 0 })).toBe('proc:102');
    expect(narrowed('proc:102 rtt:>1ms', { kind: 'link', at: 1 })).toBe('proc:101 rtt:>1ms remote:10.0.0.31');
    expect(narrowed('remote:10.0.0.31', { kind: 'right', at: 0 })).toBe('name:cloud.example');
  });
});

describe('points of the charts', () => {
  it('has a hole where nobody looked', () => {
    const late = flowWindow(START_NS + 10e9, START_NS + 11e9, [{ flow: 1, state: 1, sent: 40 }]);
    const made = flowsOf(snapshotOf(SECONDS, [late]));
    const shown = throughput(
      made.columns,
      made.world,
      made.list,
      timeColumns(made.columns, made.span, 100),
      'process',
      'name',
    );
    const points = ratePoints(shown);
    expect(points.map((point) => point[seriesKey(0)])).toEqual([0, 3000, 1, null, 0]);
    expect(highestSum(shown)).toBe(3220);
  });
});

describe('order of the table', () => {
  const order = (column: Column, direction: 'ascending' | 'descending') =>
    sortFlows(flows.world, flows.list.shown, { column, direction });

  it('sorts numbers and texts, addresses by their numbers; what is not known comes last', () => {
    expect(order('received', 'descending')).toEqual([2, 1, 3, 4]);
    expect(order('rtt', 'ascending')).toEqual([1, 2, 3, 4]);
    expect(order('rtt', 'descending')).toEqual([2, 1, 3, 4]);
    expect(order('remote', 'ascending')).toEqual([1, 3, 2, 4]);
    expect(order('remote', 'descending')).toEqual([2, 3, 1, 4]);
    expect(order('process', 'ascending')).toEqual([2, 3, 1, 4]);
  });

  it('begins with the greatest number and the first letter', () => {
    expect(nextSorting({ column: 'sent', direction: 'descending' }, 'process').direction).toBe('ascending');
    expect(nextSorting({ column: 'sent', direction: 'descending' }, 'rtt').direction).toBe('descending');
    expect(nextSorting({ column: 'sent', direction: 'descending' }, 'sent').direction).toBe('ascending');
  });

  it('copies a row as one line', () => {
    expect(flowLine(flows.world, flows.world.totals.placeOf[1]!)).toBe(
      'tcp 10.0.0.2:1883 ← 10.0.0.31:50001 broker (101)',
    );
  });
});
