import { describe, expect, it } from 'vitest';
import {
  faultOf,
  parseTrigger,
  probeOfTrigger,
  TRIGGER_KINDS,
  triggerText,
} from '../../../remote-agent/protocol/index.ts';

describe('a trigger', () => {
  it.each([
    ['cpu>80%', { kind: 'cpu', percent: 80, forS: 1 }],
    [' cpu > 12.5 % for 5s ', { kind: 'cpu', percent: 12.5, forS: 5 }],
    ['errno:connect:ECONNREFUSED>10/s', { kind: 'errno', call: 'connect', errno: 111, name: 'ECONNREFUSED', perS: 10 }],
    ['errno:*:EIO>0/s', { kind: 'errno', call: '', errno: 5, name: 'EIO', perS: 0 }],
    ['latency:fsync:p99>50ms', { kind: 'latency', call: 'fsync', percentile: 99, ns: 5e7 }],
    ['latency:*:p99.9>1s', { kind: 'latency', call: '', percentile: 99.9, ns: 1e9 }],
    ['loss', { kind: 'loss' }],
    ['memory<50MB for 10s', { kind: 'memory', bytes: 5e7, forS: 10 }],
    ['process:dpkg', { kind: 'process', comm: 'dpkg' }],
    ['temperature>80C', { kind: 'temperature', celsius: 80, forS: 1 }],
  ])('%s', (text, trigger) => {
    expect(parseTrigger(text)).toEqual(trigger);
    expect(parseTrigger(triggerText(parseTrigger(text)))).toEqual(trigger);
  });

  it('has an example of each kind that is understood', () => {
    for (const { kind, example, probe } of TRIGGER_KINDS) {
      const trigger = parseTrigger(example);
      expect(trigger.kind).toBe(kind);
      expect(probeOfTrigger(trigger)).toBe(probe);
    }
  });

  it.each([
    ['cpu>100%', 'cpu>PERCENT%'],
    ['cpu>80% for 4000s', 'cpu>PERCENT%'],
    ['errno:connect:EWHAT>1/s', 'errno:CALL:NAME'],
    ['latency:read:p101>1ms', 'latency:CALL'],
    ['process:a-name-of-sixteen', 'process:NAME'],
    ['memory<5', 'memory<SIZE'],
    ['load>3', 'Triggers are'],
    [`process:${'x'.repeat(500)}`, 'process:NAME'],
  ])('that is %s is refused with what would do', (text, hint) => {
    let error: unknown;
    try {
      parseTrigger(text);
    } catch (caught) {
      error = caught;
    }
    expect(faultOf(error)).toMatchObject({ code: 'bad-option', hint: expect.stringContaining(hint) });
    expect(faultOf(error)?.message.length).toBeLessThan(200);
  });
});
