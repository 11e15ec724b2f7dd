import { type RangeNs, type StoreSnapshot, windowsWithin } from '../../store/index.ts';
import type { ComparedSide } from '../../views/compare/index.ts';
import { fileName, formatDeviceInstant, formatDuration } from '../../widgets/format.ts';
import type { Session } from '../session.ts';

/** A range of what a session holds now. */
export function sideOf(session: Session, range: RangeNs): ComparedSide {
  const { view } = session.state.getState();
  return sideWithin(session.snapshots.getState(), view?.kind === 'replay' ? view.file : null, range);
}

/** Another range of the same. */
export function otherRange({ snapshot, file }: ComparedSide, range: RangeNs): ComparedSide {
  return sideWithin(snapshot, file, range);
}

/** `file`: of a recording; null = a live session. */
function sideWithin(snapshot: StoreSnapshot, file: string | null, range: RangeNs): ComparedSide {
  const { fromNs, toNs } = range;
  const length = formatDuration((toNs - fromNs) / 1e9);
  const host = snapshot.device?.hostname ?? '?';
  const from = formatDeviceInstant(fromNs, snapshot.wallOffsetMs);
  return {
    snapshot,
    file,
    fromNs,
    toNs,
    spanIn: (axis) => windowsWithin(axis, range),
    title: `${host}, ${from}, ${length}`,
    detail: file === null ? `${host}, live session` : `${host}, ${fileName(file)}`,
  };
}
