/** What addresses are called by the box itself: in its /etc/hosts, or by answers that it was given. */
import type { AddressName } from '../../remote-agent/protocol/index.ts';

/** Those that were learnt longest ago go first. A hosts file has no more than half as many. */
const MOST_NAMES = 20_000;

export class AddressNames {
  private readonly names = { hosts: new Map<string, string>(), dns: new Map<string, string>() };

  add({ address, name, source }: AddressName): void {
    const names = this.names[source];
    names.delete(address);
    if (name === '') return;
    names.set(address, name.replace(/\.$/, ''));
    if (names.size <= MOST_NAMES) return;
    const [oldest = ''] = names.keys();
    names.delete(oldest);
  }

  /** '' where none is known. */
  of(address: string): string {
    return this.names.hosts.get(address) ?? this.names.dns.get(address) ?? '';
  }
}
