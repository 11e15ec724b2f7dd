/**
 * Takes: costs by function, their names, and what the search matches.
 * Gives: a sortable table of functions.
 * Never: computes costs, or imports another view.
 */
export { FunctionsTable, type FunctionsTableProps } from './functions-table.tsx';
