// takes: requests of the page, messages of main and of session hosts, all of unknown shape.
// gives: the same as checked types; ports and events to the page; window.sonde.
// never: acts on a request by itself, trusts a sender, or lets a value through that its shape does not describe.
export { APP_ORIGIN, APP_PAGE, APP_SCHEME } from './channels.ts';
export * from './contract.ts';
export { sendEvent, sendPort } from './events.ts';
export { type Handlers, serveRequests } from './handlers.ts';
export { type HostJob, type HostToMain, isHostToMain, isMainToHost, type MainToHost, type Secret } from './job.ts';
export { isPortToHost, isSettings } from './payloads.ts';
export * from './settings.ts';
export * from './shape.ts';
