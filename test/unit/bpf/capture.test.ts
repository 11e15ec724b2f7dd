// `loader capture` as far as it goes without root: what it refuses, and why. Packets are for test/device/capture.test.ts.
import { describe, expect, test } from 'vitest';
import { type Fault, parseWireFault, WIRE, WireReader } from '../../../remote-agent/protocol/index.ts';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('capture', () => {
  const loader = useLoader();

  async function refusal(...options: string[]): Promise<Fault | null> {
    const { code, stdout } = await loader.run(['capture', ...options]);
    let fault: Fault | null = null;
    new WireReader().push(stdout, ({ type, payload }) => {
      if (type === WIRE.fault) fault = parseWireFault(payload, '');
    });
    expect(code).toBe(1);
    return fault;
  }
  const filter = (text: string): Promise<Fault | null> =>
    refusal('--filter', encodeURIComponent(text).replaceAll("'", '%27'));

  test.each([
    ['with a word too many', 'tcp prot 80', /syntax error/, /tcpdump/],
    ['that closes what it did not open', 'tcp) or (udp', /syntax error/, /tcpdump/],
    ['with a quote', "port 'x", /syntax error|illegal/, /tcpdump/],
    ['with an unknown name', 'port nosuchport', /unknown port/, /number/],
    ['that any interface cannot have', 'vlan 7', /VLAN/, /--interface/],
    ['with a broken address', 'host 1.2.3.4.5', /1\.2\.3/, /./],
    ['that is a sign', '%', /syntax error/, /tcpdump/],
    ['that is too long', `${'port 1 or '.repeat(500)}port 2`, /more than 4096/, /less/],
    [
      'that is too large a program',
      Array.from({ length: 350 }, (_, i) => `port ${i}`).join(' or '),
      /instructions/,
      /less/,
    ],
  ])('refuses a filter %s', async (_what, text, message, hint) => {
    const fault = await filter(text);
    expect(fault).toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/^cannot capture: cannot use the filter: /),
    });
    expect(fault?.message).toMatch(message);
    expect(fault?.hint ?? '').toMatch(hint);
  });

  test('refuses an interface that is not there, and names those that are', async () => {
    const fault = await refusal('--interface', 'nosuch0');
    expect(fault).toMatchObject({
      code: 'bad-option',
      message: 'cannot capture: there is no interface nosuch0 on the device',
    });
    expect(fault?.hint).toMatch(/^There are: any, .*\blo\b/);
  });

  test.each([
    [['--snap-bytes', '63'], /--snap-bytes must lie between 64 and 262144/],
    [['--colour', 'red'], /there is no option --colour/],
    [['--filter'], /--filter is no option with a value/],
  ])('refuses %s', async (options, message) => {
    expect((await refusal(...options))?.message).toMatch(message);
  });
});
