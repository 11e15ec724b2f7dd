import { useMemo } from 'react';
import { argumentsOf } from '../../../../remote-agent/protocol/syscalls/index.ts';
import { type CallEvent, callText } from '../../../derive/events/index.ts';
import {
  containerNaming,
  containerText,
  processName,
  processOf,
  stackLines,
  threadName,
} from '../../../derive/index.ts';
import type { Tables } from '../../../store/index.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatDeviceInstant, formatNs } from '../../../widgets/format.ts';
import { CopyIcon, CrossIcon } from '../../../widgets/icons.tsx';
import { eventText } from './event-text.ts';
import { wholeOutcome } from './result-text.ts';

export interface EventDetailsProps {
  readonly event: CallEvent;
  readonly tables: Tables;
  readonly wallOffsetMs: number | null;
  /** Whether stacks were asked for, so that one that is missing means something. */
  readonly hasStacks: boolean;
  /** "CPU profile"; null where there is no other view. */
  readonly otherTitle: string | null;
  readonly onProcess: (process: number) => void;
  readonly onOther: (process: number) => void;
  readonly copyText: (text: string) => void;
  readonly onClose: () => void;
}

/** Everything that is known of one call. */
export function EventDetails(props: EventDetailsProps) {
  const { event, tables, wallOffsetMs, otherTitle } = props;
  const process = processOf(tables, event.thread);
  return (
    <section className="event-details" aria-label="Details of the call">
      <header>
        <div className="event-actions">
          <Button look="quiet" onClick={() => props.copyText(eventText(event, tables, wallOffsetMs))}>
            <CopyIcon size={13} /> Copy
          </Button>
          {process !== 0 && (
            <Button look="quiet" title="Only this process, in every view (P)" onClick={() => props.onProcess(process)}>
              Only its process
            </Button>
          )}
          {process !== 0 && otherTitle !== null && (
            <Button look="quiet" title={`${otherTitle} of this process (G)`} onClick={() => props.onOther(process)}>
              Its {otherTitle} →
            </Button>
          )}
        </div>
        <Button look="quiet" aria-label="Close the details" title="Close (Esc)" onClick={props.onClose}>
          <CrossIcon size={12} />
        </Button>
      </header>
      <p className="event-call">{callText(event)}</p>
      <Facts {...{ event, tables, wallOffsetMs }} process={process} />
      <h3>User stack</h3>
      <Stack event={event} tables={tables} hasStacks={props.hasStacks} />
    </section>
  );
}

interface FactsProps extends Pick<EventDetailsProps, 'event' | 'tables' | 'wallOffsetMs'> {
  readonly process: number;
}

function Facts({ event, tables, wallOffsetMs, process }: FactsProps) {
  const { returned, begunNs, endNs, durationNs, path, file } = event;
  const args = argumentsOf(event.args).map((value) => `0x${value.toString(16)}`);
  const facts: readonly (readonly [string, string])[] = [
    ['Result', returned ? wholeOutcome(event) : 'not seen to return'],
    [returned ? 'Took' : 'Took at least', formatNs(durationNs)],
    ['Began', formatDeviceInstant(begunNs, wallOffsetMs)],
    [returned ? 'Returned' : 'Last seen', formatDeviceInstant(endNs, wallOffsetMs)],
    ['Process', processName(tables, process)],
    ['Thread', threadName(tables, event.thread)],
    ['Container', containerText(containerNaming(tables, process))],
    ['Path', path],
    ['File', file],
    ['Registers', event.args.length === 0 ? 'not known' : args.join(' ')],
  ];
  return (
    <dl className="event-facts">
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Stack({ event, tables, hasStacks }: Pick<EventDetailsProps, 'event' | 'tables' | 'hasStacks'>) {
  const lines = useMemo(() => stackLines(tables, event.stack), [tables, event.stack]);
  if (lines.length === 0) {
    return (
      <p className="event-no-stack">
        {hasStacks ? 'None could be read.' : 'Not asked for: start with “User stacks” to see who called.'}
      </p>
    );
  }
  return (
    <ol className="event-stack">
      {lines.map(({ name, module, kind }, depth) => (
        <li key={depth}>
          <span className={`event-frame event-frame-${kind}`} aria-hidden="true" />
          <span className="event-frame-name">{name}</span>
          {module !== '' && <span className="event-frame-module">{module}</span>}
        </li>
      ))}
    </ol>
  );
}
