export * from './connection.ts';
export * from './dns/index.ts';
export { dropCauseMeaning } from './drop-cause.ts';
export * from './drop-place.ts';
export * from './protocol-name.ts';
export * from './tcp-state.ts';
