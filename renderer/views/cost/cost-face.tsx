import type { CostSignal } from '../../../remote-agent/protocol/signal.ts';
import { valueAxis } from '../../widgets/axis.ts';
import { formatBytes, formatBytesPerSecond, formatCores } from '../../widgets/format.ts';
import { costRate, costSeries, observerBytes } from './rates.ts';
import type { CostRate } from './rates.ts';

/** The number shown is a mean over the last seconds: single seconds jump too much to be read. */
const MEAN_OF = 5;
const SPARKLINE_OF = 60;

export interface CostFaceProps {
  /** Of the selected range. */
  readonly costs: readonly CostSignal[];
  readonly cpus: number;
}

const SPARK_WIDTH_PX = 72;
const SPARK_HEIGHT_PX = 18;
const LEAST_TOP_PERCENT = 6;

/** "Observer 0.8 % of a core · 43 MB · 12 kB/s" */
export function CostFace({ costs, cpus }: CostFaceProps) {
  const recent = costs.slice(-MEAN_OF);
  const last = recent.at(-1);
  const rate = costRate(recent, cpus);
  if (!last || !rate) return <span className="cost-face">Observer: not measured yet</span>;
  return (
    <span className="cost-face">
      <span className="cost-label">Observer</span>
      <Sparkline points={costSeries(costs.slice(-SPARKLINE_OF), cpus, SPARKLINE_OF)} />
      <b>{formatCores(rate.observerPercent)}</b> of a core
      <span className="status-apart">{formatBytes(observerBytes(last))}</span>
      <span className="status-apart">{formatBytesPerSecond(rate.sentBytesPerSecond)}</span>
      <span className="status-apart cost-load">device {formatCores(rate.devicePercent)} busy</span>
    </span>
  );
}

/**
 * Observer and device on scales of their own: the one is a few percent of a core, the other up to all of them.
 * Two lines of plain SVG: it is on every screen and changes each second, and a chart of recharts took most of that second's work.
 */
function Sparkline({ points }: { readonly points: readonly CostRate[] }) {
  const observer = points.map(({ observerPercent }) => observerPercent);
  const { domain } = valueAxis(Math.max(...observer), LEAST_TOP_PERCENT);
  const device = points.map(({ devicePercent }) => devicePercent);
  return (
    <svg className="cost-sparkline" width={SPARK_WIDTH_PX} height={SPARK_HEIGHT_PX} aria-hidden="true">
      <path className="cost-line-device" d={line(device, 100)} />
      <path className="cost-line-observer" d={line(observer, domain[1])} />
    </svg>
  );
}

/** From edge to edge, with room for half a stroke above and below. */
function line(percents: readonly number[], top: number): string {
  const stepPx = SPARK_WIDTH_PX / Math.max(1, percents.length - 1);
  const y = (percent: number) => 1 + (1 - Math.min(1, percent / top)) * (SPARK_HEIGHT_PX - 2);
  return percents
    .map((percent, i) => `${i === 0 ? 'M' : 'L'}${(i * stepPx).toFixed(1)} ${y(percent).toFixed(1)}`)
    .join('');
}
