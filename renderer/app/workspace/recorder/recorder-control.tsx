import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { FlightView, SessionView } from '../../../../electron/bridge/contract.ts';
import { FlagIcon } from '../../../widgets/icons.tsx';
import { Popover } from '../../../widgets/popover.tsx';
import type { Controller } from '../../controller.ts';
import type { Session } from '../../session.ts';
import { KeepSection } from './keep-section.tsx';
import { TriggerSection } from './trigger-section.tsx';
import { UnattendedSection } from './unattended-section.tsx';
import { useKeepKey } from './use-keep-key.ts';

export interface RecorderControlProps {
  readonly session: Session;
  readonly view: SessionView;
  readonly controller: Controller;
}

/** Of Shift+K. */
const KEEP_S = 60;

/** What is kept beside the recording: what just happened, what is around a trigger, what the device records by itself. */
export function RecorderControl({ session, view, controller }: RecorderControlProps) {
  const { flight } = useStore(session.state);
  const isLive = view.kind === 'live' || view.kind === 'reconnecting';
  useKeepKey(() => session.keepLast(KEEP_S), isLive);
  useToldKept(flight, controller);
  if (!isLive || !flight) return null;
  return (
    <Popover face={<Face flight={flight} />} label="Flight recorder" look="status-item" side="above" align="end">
      {() => (
        <div className="recorder">
          <KeepSection {...{ session, flight, controller }} />
          <TriggerSection {...{ session, flight }} />
          <UnattendedSection {...{ session, flight }} target={session.origin} />
        </div>
      )}
    </Popover>
  );
}

function Face({ flight: { busy, triggers, waiting } }: { readonly flight: FlightView }) {
  const running = waiting?.some((each) => each.running) ?? false;
  return (
    <>
      <FlagIcon size={13} />
      Recorder
      {busy && (
        <span className="status-apart">{busy.progress === null ? 'busy' : `${Math.floor(busy.progress * 100)} %`}</span>
      )}
      {!busy && !running && triggers.length > 0 && (
        <span className="status-apart recorder-more">{countText(triggers.length, 'trigger')}</span>
      )}
      {!busy && running && <span className="status-apart recorder-more">device records</span>}
    </>
  );
}

function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Each file that came of it is told once, also where the panel is closed. */
function useToldKept(flight: FlightView | null, controller: Controller): void {
  const told = useRef<string | null>(null);
  const newest = flight?.kept[0];
  useEffect(() => {
    if (!newest || newest.file === told.current) return;
    told.current = newest.file;
    controller.tellFile(newest.text, newest.file);
  }, [newest, controller]);
}
