import { Popover } from '../../widgets/popover.tsx';

/** What these numbers are, and what they cannot tell. */
export function CallsHelp() {
  return (
    <Popover face="?" label="About these numbers" look="button-quiet" side="below" align="end">
      {() => (
        <div className="calls-help">
          <h3>What is counted</h3>
          <p>
            Every system call that returned, exactly; with its error, its total time and its longest time. Waiting is
            part of the time: a call that sleeps is slow by intent.
          </p>
          <h3>What is not seen</h3>
          <p>
            Work that io_uring does in the kernel, and calls that the vDSO answers without entering the kernel (mostly
            reading the clock). A call that still waits is counted when it returns; exit never does.
          </p>
          <h3>As they happen</h3>
          <p>
            Single calls that fit what was asked for, picked in the kernel. A file is what its descriptor was up to a
            second later; what pointers point at was not read, but for the first path. A call that had begun before is
            not shown: nobody knows when it did.
          </p>
          <h3>How sure percentiles are</h3>
          <p>
            Latencies are kept as powers of two. A percentile lies somewhere between the edges of its bucket (point at
            it to see them), so it may be off by up to a factor of two; within the bucket it is placed as if calls were
            spread evenly. Maximum and total are exact.
          </p>
          <h3>Keys</h3>
          <dl className="calls-keys">
            <Key name="↑ ↓">Choose a row; the pictures show only that one</Key>
            <Key name="P">Only this row’s process, in every view</Key>
            <Key name="G">The row’s process in the CPU profile</Key>
            <Key name="C">Copy the row’s name</Key>
            <Key name="/">Search</Key>
            <Key name="Esc">Show all rows and latencies again</Key>
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
