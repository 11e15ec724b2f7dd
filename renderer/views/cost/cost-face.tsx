import { Line, LineChart, YAxis } from 'recharts';
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

/** Observer and device on scales of their own: the one is a few percent of a core, the other up to all of them. */
function Sparkline({ points }: { readonly points: readonly CostRate[] }) {
  const most = Math.max(...points.map(({ observerPercent }) => observerPercent));
  return (
    <span className="cost-sparkline" aria-hidden="true">
      <LineChart width={72} height={18} data={points as CostRate[]} margin={TIGHT} accessibilityLayer={false}>
        <YAxis hide yAxisId="device" domain={[0, 100]} niceTicks="none" />
        <YAxis hide yAxisId="observer" {...valueAxis(most, 6)} niceTicks="none" />
        <Line {...LINE} yAxisId="device" dataKey="devicePercent" className="cost-line-device" />
        <Line {...LINE} yAxisId="observer" dataKey="observerPercent" className="cost-line-observer" />
      </LineChart>
    </span>
  );
}

const TIGHT = { top: 1, right: 0, bottom: 1, left: 0 };
const LINE = { type: 'linear', dot: false, activeDot: false, isAnimationActive: false } as const;
