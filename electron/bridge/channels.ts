/** Names that both ends of a pipe must agree on. */

export const APP_SCHEME = 'sonde';
export const APP_ORIGIN = 'sonde://app';
export const APP_PAGE = 'sonde://app/index.html';

export const REQUEST_CHANNEL = 'sonde:request';
export const EVENT_CHANNEL = 'sonde:event';
export const PORT_CHANNEL = 'sonde:port';
