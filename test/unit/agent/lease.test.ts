import { describe, expect, it } from 'vitest';
import { Lease } from '../../../remote-agent/agent/client/lease.ts';

describe('the lease', () => {
  const second = 1000;

  it('ends an agent whose first client never comes', () => {
    const lease = new Lease(0, 30);
    expect(lease.overdue(59 * second, false, false)).toBeNull();
    expect(lease.overdue(60 * second, false, false)).toBe('no client came');
  });

  it('lets it live while its client is there, and for its time after', () => {
    const lease = new Lease(0, 30);
    lease.linkUp();
    expect(lease.overdue(1000 * second, true, true)).toBeNull();
    lease.linkDown(1000 * second);
    expect(lease.overdue(1029 * second, false, true)).toBeNull();
    lease.linkUp();
    lease.linkDown(2000 * second);
    expect(lease.overdue(2030 * second, false, true)).toContain('did not come back');
  });

  it('runs out for a client that leaves everything unconfirmed, however the connection looks', () => {
    const lease = new Lease(0, 5);
    lease.linkUp();
    for (let call = 0; call < 34; call++) expect(lease.overdue(call * second, false, true)).toBeNull();
    expect(lease.overdue(99 * second, true, true)).toBeNull(); // a sign of life
    for (let call = 0; call < 34; call++) expect(lease.overdue(call * second, false, true)).toBeNull();
    expect(lease.overdue(0, false, true)).toContain('silent');
  });

  it('is bounded', () => {
    expect(new Lease(0, 1e9).seconds).toBe(3600);
    expect(new Lease(0, 0).seconds).toBe(60);
  });
});
