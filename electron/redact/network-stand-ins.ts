/** What stands for the device, for addresses and for names in the network. */
import { Choice } from './choice.ts';
import { StandInAddresses } from './stand-in-addresses.ts';
import { StandInDomains } from './stand-in-domains.ts';

/** Interfaces that are called so on any box. */
const COMMON_LINK =
  /^(?:lo|eth\d+|en[opsx]?[\da-f]{0,4}[\dsnfdp]*|wlan\d+|wwan\d+|usb\d+|docker\d+|tun\d+|tap\d+|br\d+|bond\d+|can\d+|wg\d+)$/;

export abstract class NetworkStandIns extends Choice {
  private readonly addresses = new StandInAddresses();
  private readonly domains = new StandInDomains(this.addresses);
  private readonly hostNames = new Set<string>();

  host(name: string): string {
    if (name === '' || name === 'localhost') return name;
    const standIn = this.either('host', name, () => `device-${this.number('host', name)}`);
    if (standIn !== name)
      for (const word of [name, name.toLowerCase(), name.replace(/\..*/, '')]) {
        this.words.learnAnywhere(word, standIn);
        this.hostNames.add(word.toLowerCase());
      }
    return standIn;
  }

  /** A boot, a run: hex digits that mean nothing else. `length` of them. */
  id(text: string, length: number): string {
    if (text === '') return text;
    return this.either('host', text, () => this.number('id', text).toString(16).padStart(length, '0'));
  }

  /** Text that is no address stays: it is none. So do those that are the same on every box. */
  address(text: string): string {
    const standIn = text === '' ? null : this.addresses.of(text);
    return standIn === null || standIn === text ? text : this.either('addresses', text, () => standIn);
  }

  mac(text: string): string {
    return this.either('addresses', text, () => this.addresses.ofMac(text));
  }

  /** A network interface. */
  link(name: string): string {
    if (COMMON_LINK.test(name)) return name;
    return this.either('addresses', name, () => `link-${this.number('link', name)}`);
  }

  domain(name: string): string {
    const standIn = name === '' ? name : (this.ownName(name) ?? this.domains.of(name));
    if (standIn === name) return name;
    const given = this.either(
      'dns',
      name,
      () => standIn,
      (text) => this.words.replace(text),
    );
    if (this.rules.dns) this.words.learn(name, standIn);
    return given;
  }

  /** A box tells its network its own name: "edge-7.local". */
  private ownName(name: string): string | null {
    const [, own = '', rest = ''] = /^([^.]+)(\.local\.?)?$/i.exec(name) ?? [];
    const known = this.hostNames.has(own.toLowerCase()) ? this.words.of(own) : null;
    return known === null ? null : known + rest;
  }
}
