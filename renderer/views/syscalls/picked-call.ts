import { syscallName } from '../../../remote-agent/protocol/syscalls/index.ts';
import { type Calls, groupProcess } from '../../derive/calls/index.ts';
import type { PickedCall } from './happening/events-form.tsx';

/** The call that a row of the table is about, as a probe can be asked for it: by name. */
export function pickedCall({ groups, tables }: Calls, group: number | null): PickedCall | null {
  const call = group === null ? 0 : (groups.call[group] ?? 0);
  const name = call === 0 ? '#' : syscallName(call);
  if (group === null || name.startsWith('#')) return null;
  const process = groupProcess(groups, group, tables);
  return { name, pid: process === null ? null : (tables.processes[process]?.pid ?? null) };
}
