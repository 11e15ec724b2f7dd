import type { CaptureView } from '../../../../electron/bridge/contract.ts';
import { Button } from '../../../widgets/button.tsx';
import { fileName, formatBytes, formatCount, formatStopwatch } from '../../../widgets/format.ts';
import { CrossIcon, FaultIcon, RunningIcon, WarningIcon } from '../../../widgets/icons.tsx';
import { sentence } from '../../../widgets/fault-card.tsx';
import type { PacketDesk } from './packet-desk.ts';

/** How the capture goes, and what can be done with it; nothing where there was none. */
export function CaptureBar({ desk }: { readonly desk: PacketDesk }) {
  const { view } = desk;
  if (!view) return null;
  return (
    <section className="capture-bar" aria-label="Packet capture">
      <Words view={view} />
      <div className="capture-actions">
        {view.kind === 'running' && (
          <Button disabled={view.isStopping} onClick={() => desk.stop()}>
            {view.isStopping ? 'Stopping…' : 'Stop'}
          </Button>
        )}
        {view.kind === 'ended' && <EndActions desk={desk} view={view} />}
      </div>
    </section>
  );
}

function Words({ view }: { readonly view: CaptureView }) {
  switch (view.kind) {
    case 'starting':
      return (
        <p className="capture-words">
          <RunningIcon size={14} /> Starting the capture…
        </p>
      );
    case 'running':
      return (
        <p className="capture-words">
          <span className="record-dot" aria-hidden="true" />
          <b>Capturing</b> <FilterText filter={view.order.filter} />
          <span className="capture-count">{countText(view)}</span>
          <Lost count={view.count.lostPackets} />
          {view.hasOwn && (
            <span className="capture-lost" title="It could not be told from other connections of the device">
              <WarningIcon size={12} /> with Sonde’s own connection
            </span>
          )}
        </p>
      );
    case 'ended':
      return <EndWords view={view} />;
  }
}

type Ended = Extract<CaptureView, { kind: 'ended' }>;

const ENDS: Readonly<Record<Ended['how'], string>> = {
  asked: '',
  'max-seconds': 'the time is up',
  'max-size': 'the file is as large as it may get',
  failed: '',
};

function EndWords({ view }: { readonly view: Ended }) {
  const { fault, hasFile, how, order } = view;
  return (
    <p className="capture-words" role="status">
      {fault ? (
        <span className="capture-fault" title={fault.detail}>
          <FaultIcon size={14} /> {sentence(fault.message)} {fault.hint ?? ''}
        </span>
      ) : (
        <b>{hasFile ? 'Captured' : 'Nothing was captured'}</b>
      )}
      {hasFile && (
        <>
          <span title={order.file}>{fileName(order.file)}</span>
          <span className="capture-count">{countText(view)}</span>
          <Lost count={view.count.lostPackets} />
        </>
      )}
      {ENDS[how] !== '' && <span className="grid-dim">{ENDS[how]}</span>}
      {hasFile && view.count.packets === 0 && !fault && (
        <span className="grid-dim">no packet matched the filter while it ran</span>
      )}
    </p>
  );
}

function EndActions({ desk, view }: { readonly desk: PacketDesk; readonly view: Ended }) {
  const { file } = view.order;
  const { openInWireshark } = desk;
  return (
    <>
      {view.hasFile && openInWireshark && <Button onClick={() => openInWireshark(file)}>Open in Wireshark</Button>}
      {view.hasFile && <Button onClick={() => desk.showInFolder(file)}>Show in folder</Button>}
      <Button look="quiet" aria-label="Close" title="Close" onClick={() => desk.dismiss()}>
        <CrossIcon size={14} />
      </Button>
    </>
  );
}

function FilterText({ filter }: { readonly filter: string }) {
  if (filter === '') return <span className="grid-dim">all packets</span>;
  return (
    <code className="capture-filter-text" title={filter}>
      {filter}
    </code>
  );
}

function Lost({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span className="capture-lost" title="Over a limit, or faster than the device and the link could take them">
      <WarningIcon size={12} /> {formatCount(count)} lost
    </span>
  );
}

function countText({ count, seconds }: Extract<CaptureView, { kind: 'running' | 'ended' }>): string {
  const packets = `${formatCount(count.packets)} ${count.packets === 1 ? 'packet' : 'packets'}`;
  return `${packets}, ${formatBytes(count.packetBytes)}, ${formatStopwatch(seconds)}`;
}
