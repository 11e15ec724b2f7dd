import { Help } from '../../widgets/help.tsx';

const KEYS = [
  { keys: ['↑', '↓'], does: 'Choose a row; the pictures show only that one' },
  { keys: ['P'], does: 'Only this row’s process, in every view' },
  { keys: ['G'], does: 'The row’s process in the CPU profile' },
  { keys: ['C'], does: 'Copy the row’s name' },
  { keys: ['/'], does: 'Search' },
  { keys: ['Esc'], does: 'Show all rows and latencies again' },
] as const;

/** What these numbers are, and what they cannot tell. */
export function CallsHelp() {
  return (
    <Help keys={KEYS}>
      <h3>What is counted</h3>
      <p>
        Every system call that returned, exactly; with its error, its total time and its longest time. Waiting is part
        of the time: a call that sleeps is slow by intent.
      </p>
      <h3>What is not seen</h3>
      <p>
        Work that io_uring does in the kernel, and calls that the vDSO answers without entering the kernel (mostly
        reading the clock). A call that still waits is counted when it returns; exit never does.
      </p>
      <h3>As they happen</h3>
      <p>
        Single calls that fit what was asked for, picked in the kernel. A file is what its descriptor was up to a second
        later; what pointers point at was not read, but for the first path. A call that had begun before is not shown:
        nobody knows when it did.
      </p>
      <h3>How sure percentiles are</h3>
      <p>
        Latencies are kept as powers of two. A percentile lies somewhere between the edges of its bucket (point at it to
        see them), so it may be off by up to a factor of two; within the bucket it is placed as if calls were spread
        evenly. Maximum and total are exact.
      </p>
    </Help>
  );
}
