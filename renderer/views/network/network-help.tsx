import { FIELDS } from '../../derive/flows/index.ts';
import { Popover } from '../../widgets/popover.tsx';

/** What these numbers are, how to ask for some of them, and what they cannot tell. */
export function NetworkHelp() {
  return (
    <Popover face="?" label="About these numbers" look="button-quiet" side="below" align="end">
      {() => (
        // It may be higher than the window, and is scrolled by keys too.
        <div className="net-help" role="region" aria-label="Help" tabIndex={0}>
          <h3>Where a byte is counted</h3>
          <p>
            At the socket, as payload: each byte of a TCP stream once, whatever was sent again below it; of a datagram
            its content. So a byte that passes a bridge, a VLAN, a tunnel and a network card counts once. What the box
            only forwards has no socket here and is not shown.
          </p>
          <h3>What is not known</h3>
          <p>
            Round trips are the kernel’s own, of TCP only. A socket that nobody could be found for belongs to “unknown”.
            Where there are more flows than the probe has room for, the smallest are put together as “all others”; what
            could not even be counted there is told as lost. Names are those that the box itself has: answers it got,
            and its /etc/hosts and those of its containers. Why a connection failed is what the kernel tells its owner;
            one that its process gave up before there was an answer has no error.
          </p>
          <h3>Filter</h3>
          <p>
            All terms must hold. Commas between values mean “or”, a “-” in front means “not”, “/…/” is a regular
            expression, quotes keep spaces. Words without a field are looked for everywhere.
          </p>
          <dl className="net-fields">
            {FIELDS.map(({ name, help, example }) => (
              <div key={name} title={help}>
                <dt>{example}</dt>
                <dd>{help}</dd>
              </div>
            ))}
          </dl>
          <h3>Keys</h3>
          <dl className="net-keys">
            <Key name="/">Filter</Key>
            <Key name="P">Only the row’s process, in every view</Key>
            <Key name="G">The row’s process in the next view</Key>
            <Key name="C">Copy the row</Key>
            <Key name="K">Capture the row’s packets</Key>
            <Key name="Esc">Take the filter away</Key>
          </dl>
        </div>
      )}
    </Popover>
  );
}

function Key({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
