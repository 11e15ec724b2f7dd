/**
 * Takes: the columns of a probe that sends calls one by one, tables, and what is selected of them.
 * Gives: one line per call, whatever number of windows spoke of it, and the text of each.
 * Never: draws, reads a clock, or guesses whether a call returned that nobody saw returning.
 */
export { type CallEvent, callEvent } from './call-event.ts';
export { type EventColumns, eventColumns } from './event-columns.ts';
export { EventIndex, type EventIds } from './event-index.ts';
export { endOf, type EventList, eventList, MOST_LISTED, NO_ROW } from './event-list.ts';
export { callText, EventTexts } from './event-texts.ts';
export { type Events, EventsMaker } from './events-maker.ts';
