/** Every kind of table. Where nobody says which, the first that a recording has anything of. */
import { raise } from '../../../remote-agent/protocol/index.ts';
import type { ExportTable } from '../../bridge/contract.ts';
import { callsKind } from '../calls/calls-kind.ts';
import { dnsKind } from '../dns/dns-kind.ts';
import { dropsKind } from '../drops/drops-kind.ts';
import { flowsKind } from '../flows/flows-kind.ts';
import { slowKind } from '../slow/slow-kind.ts';
import type { TableKind } from './table-kind.ts';

export const TABLE_KINDS: readonly TableKind[] = [callsKind, flowsKind, slowKind, dnsKind, dropsKind];

export const EXPORT_TABLES: readonly ExportTable[] = TABLE_KINDS.flatMap(({ tables }) =>
  tables.map(({ name }) => name),
);

export function kindOf(table: ExportTable): TableKind {
  return (
    TABLE_KINDS.find(({ tables }) => tables.some(({ name }) => name === table)) ??
    raise('bad-option', `cannot export: there is no table ${table}`)
  );
}
