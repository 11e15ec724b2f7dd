import {
  addressNames,
  type DnsExchange,
  DnsExchanges,
  isMulticastDns,
  parseDns,
} from '../../../../remote-agent/protocol/network/dns/index.ts';
import type { ProbeColumns, Tables } from '../../../store/model.ts';

/** What was asked and answered so far, of all kept windows. A new object whenever messages came. */
export interface DnsSeenSoFar {
  /** In the order in which they were asked. */
  readonly exchanges: readonly DnsExchange[];
  /** Number of the first one: those before it were forgotten. */
  readonly firstNumber: number;
  /** Name by address, as the box was told; the newest stays. */
  readonly names: ReadonlyMap<string, string>;
}

/** An exchange takes about half a kilobyte with its answer. */
const MOST_EXCHANGES = 40_000;
const MOST_NAMES = 20_000;
const NOTHING = new Uint32Array(0);

/** Reads each message once, in the order of time, however often it is asked. */
export class DnsBook {
  readonly #exchanges = new DnsExchanges();
  readonly #names = new Map<string, string>();
  /** Rows read so far, counted from the first of all. */
  #rowsRead = 0;
  #firstNumber = 0;
  #seen: DnsSeenSoFar = { exchanges: [], firstNumber: 0, names: this.#names };

  update(windows: ProbeColumns, tables: Tables): DnsSeenSoFar {
    const from = Math.max(0, this.#rowsRead - windows.rowsForgotten);
    this.#rowsRead = windows.rowsForgotten + windows.rowCount;
    if (from >= windows.rowCount) return this.#seen;
    this.#read(windows, tables, from);
    this.#forget();
    this.#seen = {
      exchanges: this.#exchanges.all.slice(),
      firstNumber: this.#firstNumber,
      names: new Map(this.#names),
    };
    return this.#seen;
  }

  #read({ manifest, columns, blobs, rowCount }: ProbeColumns, tables: Tables, from: number): void {
    const named = (wanted: string) => columns[manifest.columns.findIndex(({ name }) => name === wanted)] ?? NOTHING;
    const [thread, flow, at, incoming, size, message] = ['thread', 'flow', 'at', 'incoming', 'size', 'message'].map(
      named,
    );
    const rows = Uint32Array.from({ length: rowCount - from }, (_, i) => from + i);
    // The CPUs of the box hand theirs over one after the other.
    rows.sort((a, b) => at![a]! - at![b]! || a - b);
    for (const row of rows) {
      const bytes = blobs[message![row]!] ?? new Uint8Array(0);
      const read = parseDns(bytes, size![row]!);
      if (!read) continue;
      const ends = tables.flows.get(flow![row]!);
      const exchange = this.#exchanges.add({
        flow: flow![row]!,
        thread: thread![row]!,
        atNs: at![row]!,
        isIncoming: incoming![row] === 1,
        isMulticast: ends !== undefined && isMulticastDns(ends.localPort, ends.remotePort),
        message: read,
      });
      if (exchange?.answer === read) this.#learn(exchange);
    }
  }

  #learn({ answer }: DnsExchange): void {
    for (const { address, name } of answer ? addressNames(answer) : []) {
      // Behind all others again: what was learnt long ago is forgotten first.
      this.#names.delete(address);
      this.#names.set(address, name.replace(/\.$/, ''));
    }
    for (const address of this.#names.keys()) {
      if (this.#names.size <= MOST_NAMES) break;
      this.#names.delete(address);
    }
  }

  #forget(): void {
    const { all } = this.#exchanges;
    if (all.length <= MOST_EXCHANGES * 1.25) return;
    const tooMany = all.length - MOST_EXCHANGES;
    all.splice(0, tooMany);
    this.#firstNumber += tooMany;
  }
}
