import { FIELDS } from '../../derive/flows/index.ts';
import { Help } from '../../widgets/help.tsx';

const KEYS = [
  { keys: ['/'], does: 'Filter' },
  { keys: ['P'], does: 'Only the row’s process, in every view' },
  { keys: ['G'], does: 'The row’s process in the next view' },
  { keys: ['C'], does: 'Copy the row' },
  { keys: ['K'], does: 'Capture the row’s packets' },
  { keys: ['Esc'], does: 'Take the filter away' },
] as const;

/** What these numbers are, how to ask for some of them, and what they cannot tell. */
export function NetworkHelp() {
  return (
    <Help keys={KEYS}>
      <h3>Where a byte is counted</h3>
      <p>
        At the socket, as payload: each byte of a TCP stream once, whatever was sent again below it; of a datagram its
        content. So a byte that passes a bridge, a VLAN, a tunnel and a network card counts once. What the box only
        forwards has no socket here and is not shown.
      </p>
      <h3>What is not known</h3>
      <p>
        Round trips are the kernel’s own, of TCP only. A socket that nobody could be found for belongs to “unknown”.
        Where there are more flows than the probe has room for, the smallest are put together as “all others”; what
        could not even be counted there is told as lost. Names are those that the box itself has: answers it got, and
        its /etc/hosts and those of its containers. Why a connection failed is what the kernel tells its owner; one that
        its process gave up before there was an answer has no error. Connects that a process was refused alike within a
        second, before a packet could leave, are one line with their number.
      </p>
      <h3>Filter</h3>
      <p>
        All terms must hold. Commas between values mean “or”, a “-” in front means “not”, “/…/” is a regular expression,
        quotes keep spaces. Words without a field are looked for everywhere.
      </p>
      <dl className="help-fields">
        {FIELDS.map(({ name, help, example }) => (
          <div key={name} title={help}>
            <dt>{example}</dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </Help>
  );
}
