import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { Area, AreaChart, XAxis, YAxis } from 'recharts';
import type { CostSignal } from '../../../remote-agent/protocol/signal.ts';
import { valueAxis } from '../../widgets/axis.ts';
import { formatBytes, formatBytesPerSecond, formatCores, formatDeviceTime } from '../../widgets/format.ts';
import { costRate, costSeries } from './rates.ts';
import type { CostRate } from './rates.ts';

export interface CostPanelProps {
  /** Of the selected range. */
  readonly costs: readonly CostSignal[];
  readonly cpus: number;
  readonly wallOffsetMs: number | null;
}

const MOST_POINTS = 120;

export function CostPanel({ costs, cpus, wallOffsetMs }: CostPanelProps) {
  const points = useMemo(() => costSeries(costs, cpus, MOST_POINTS), [costs, cpus]);
  const rate = costRate(costs, cpus);
  const last = costs.at(-1);
  if (!rate || !last) return <p className="cost-panel">The device has not reported its cost yet.</p>;
  return (
    <div className="cost-panel">
      <h3>What watching costs the device</h3>
      <CostChart
        points={points}
        title="Observer, % of one core"
        atLeast={6}
        highest={Math.max(...points.map(({ observerPercent }) => observerPercent))}
        wallOffsetMs={wallOffsetMs}
      >
        <Area {...AREA} stackId="observer" dataKey="agentPercent" className="cost-area-agent" />
        <Area {...AREA} stackId="observer" dataKey="loaderPercent" className="cost-area-loader" />
        <Area {...AREA} stackId="observer" dataKey="kernelPercent" className="cost-area-kernel" />
      </CostChart>
      <CostChart
        points={points}
        title={`Device, % of its ${cpus} CPUs`}
        atLeast={100}
        highest={100}
        wallOffsetMs={wallOffsetMs}
      >
        <Area {...AREA} dataKey="devicePercent" className="cost-area-device" />
      </CostChart>
      <CostTable rate={rate} last={last} />
    </div>
  );
}

interface CostChartProps {
  readonly points: readonly CostRate[];
  readonly title: string;
  /** The axis reaches at least this far, so that nothing small looks large. */
  readonly atLeast: number;
  readonly highest: number;
  readonly wallOffsetMs: number | null;
  readonly children: ReactNode;
}

function CostChart({ points, title, atLeast, highest, wallOffsetMs, children }: CostChartProps) {
  return (
    <figure className="cost-chart">
      <figcaption>{title}</figcaption>
      <div aria-hidden="true">
        <AreaChart width={420} height={84} data={points as CostRate[]} margin={MARGIN} accessibilityLayer={false}>
          <XAxis
            dataKey="toNs"
            type="number"
            domain={['dataMin', 'dataMax']}
            tickFormatter={(ns: number) => formatDeviceTime(ns, wallOffsetMs)}
            tickCount={4}
            height={18}
            tickSize={4}
            minTickGap={24}
          />
          <YAxis width={36} {...valueAxis(highest, atLeast)} niceTicks="none" tickSize={4} interval={0} />
          {children}
        </AreaChart>
      </div>
    </figure>
  );
}

const MARGIN = { top: 6, right: 28, bottom: 0, left: 0 };
const AREA = { type: 'linear', dot: false, activeDot: false, isAnimationActive: false } as const;

/** CPU and network are means over the selected range; memory is as it was at its end. */
function CostTable({ rate, last }: { readonly rate: CostRate; readonly last: CostSignal }) {
  return (
    <table className="numbers">
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">CPU</th>
          <th scope="col">Memory</th>
        </tr>
      </thead>
      <tbody>
        <CostRow swatch="agent" part="Agent" cpu={rate.agentPercent} bytes={last.agentResidentBytes} />
        <CostRow swatch="loader" part="Loader" cpu={rate.loaderPercent} bytes={last.loaderResidentBytes} />
        <CostRow swatch="kernel" part="Kernel programs" cpu={rate.kernelPercent} bytes={last.kernelMapBytes} />
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Sent over SSH</th>
          <td colSpan={2}>{formatBytesPerSecond(rate.sentBytesPerSecond)}</td>
        </tr>
        <tr>
          <th scope="row">Waiting on the device</th>
          <td colSpan={2}>{formatBytes(last.spoolBytes)}</td>
        </tr>
        <tr>
          <th scope="row">Free memory of the device</th>
          <td colSpan={2}>{formatBytes(last.memoryAvailableBytes)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

interface CostRowProps {
  readonly swatch: 'agent' | 'loader' | 'kernel';
  readonly part: string;
  readonly cpu: number;
  readonly bytes: number;
}

function CostRow({ swatch, part, cpu, bytes }: CostRowProps) {
  return (
    <tr>
      <th scope="row">
        <span className={`swatch swatch-${swatch}`} />
        {part}
      </th>
      <td>{formatCores(cpu)}</td>
      <td>{formatBytes(bytes)}</td>
    </tr>
  );
}
