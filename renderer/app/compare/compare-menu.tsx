import { useState } from 'react';
import { useStore } from 'zustand';
import type { RecentRecording } from '../../../electron/bridge/contract.ts';
import { hasWindows, type RangeNs, rangesOf, type StoreSnapshot } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { fileName, formatDeviceTime, formatDuration, formatWhen } from '../../widgets/format.ts';
import { Popover } from '../../widgets/popover.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { rangeChoices, same } from './range-choices.ts';

/** So many find their place. */
const MOST_RECENT = 4;

export interface CompareMenuProps {
  readonly session: Session;
  readonly snapshot: StoreSnapshot;
  readonly controller: Controller;
}

/** What is on the screen, with another range or another recording. */
export function CompareMenu({ session, snapshot, controller }: CompareMenuProps) {
  if (!hasWindows(snapshot)) return <Button disabled>Compare…</Button>;
  return (
    <Popover face="Compare…" label="Compare" look="button-plain" side="below" align="end">
      {(close) => <ComparePanel {...{ session, controller }} onDone={close} />}
    </Popover>
  );
}

function ComparePanel({
  session,
  controller,
  onDone,
}: Pick<CompareMenuProps, 'session' | 'controller'> & { readonly onDone: () => void }) {
  // Fixed when the panel opens: what is compared is what stood here, even while the data goes on.
  const [snapshot] = useState(() => session.snapshots.getState());
  const [selection] = useState(() => session.state.getState().selection);
  const [shown] = useState(() => rangesOf(selection.range, snapshot));
  const [nowMs] = useState(() => Date.now());
  const kept = useStore(controller.compare.state, (state) => state.kept);
  const recordings = useStore(controller.state, (state) => state.recordings);
  const { view } = session.state.getState();
  const desk = controller.compare;
  const own = view?.kind === 'replay' ? view.file : view?.kind === 'live' ? view.recording.file : null;
  const keptRange = kept?.session === session.id ? kept.range : null;
  const range = { fromNs: shown[0]?.fromNs ?? 0, toNs: shown.at(-1)?.toNs ?? 0 };
  const choices = rangeChoices({
    shown,
    extent: { fromNs: snapshot.firstNs, toNs: snapshot.lastNs },
    kept: keptRange,
  });
  const text = (of: RangeNs) =>
    `${formatDeviceTime(of.fromNs, snapshot.wallOffsetMs)}, ${formatDuration((of.toNs - of.fromNs) / 1e9)}`;
  const other = (file: string | null, name: string) => {
    onDone();
    void desk.compareRecording(session, range, file, name);
  };
  const isFiltered = selection.process !== null || selection.thread !== null || selection.container !== null;
  return (
    <div className="compare-menu">
      {isFiltered && <p className="compare-menu-note">All processes are compared, also those filtered out now.</p>}
      <fieldset>
        <legend>Within this session</legend>
        {choices.map(({ id, title, before, after }) => (
          <Button
            key={id}
            look="quiet"
            onClick={() => {
              onDone();
              desk.compareRanges(session, before, after);
            }}
          >
            <b>{title}</b>
            <span>
              {text(before)} → {text(after)}
            </span>
          </Button>
        ))}
        {shown.length === 1 && !(keptRange && same(keptRange, range)) && (
          <Button look="quiet" onClick={() => desk.keep(session, range)}>
            <b>Put this range aside</b>
            <span>{text(range)}: then select another one, and compare</span>
          </Button>
        )}
        {keptRange && same(keptRange, range) && (
          <p className="compare-menu-note" role="status">
            {text(keptRange)} is put aside. Select another range, and compare.
          </p>
        )}
      </fieldset>
      <fieldset>
        <legend>All of another recording with this range</legend>
        {otherRecordings(recordings, own).map((recording) => (
          <Button
            key={recording.file}
            look="quiet"
            title={recording.file}
            onClick={() => other(recording.file, fileName(recording.file))}
          >
            <b>{recording.hostname || fileName(recording.file)}</b>
            <span>{formatWhen(recording.startedMs, nowMs)}</span>
          </Button>
        ))}
        <Button look="quiet" onClick={() => other(null, 'a recording')}>
          <b>Choose a file…</b>
        </Button>
      </fieldset>
    </div>
  );
}

function otherRecordings(recordings: readonly RecentRecording[], own: string | null): readonly RecentRecording[] {
  return recordings.filter(({ file }) => file !== own).slice(0, MOST_RECENT);
}
