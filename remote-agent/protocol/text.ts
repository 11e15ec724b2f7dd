/**
 * The one door at which bytes from a device become text. What comes out is safe to show anywhere: one line, no control
 * characters, nothing that reorders or hides its neighbours, bounded. Escapes are visible (`\x1b`, `\u{202e}`) so that
 * a hostile process name looks hostile instead of looking like another one.
 */

/** C0, DEL, C1; all format characters (bidi controls, zero-width, soft hyphen, tags); line and paragraph separators. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const ELLIPSIS = '…';
/** A UTF-8 character has at most four bytes, so this many are enough to know whether the text must be cut. */
const BYTES_PER_UNIT = 4;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Valid UTF-8 is kept, other bytes become `\xNN`; at most `maxLength` UTF-16 units, the last of them `…` where cut. */
export function deviceText(bytes: Uint8Array, maxLength: number): string {
  const limit = (maxLength + 1) * BYTES_PER_UNIT;
  const head = bytes.length > limit ? bytes.subarray(0, limit) : bytes;
  return safeText(decodeUtf8(head), maxLength);
}

/** The same for text that already is a string. */
export function safeText(text: string, maxLength: number): string {
  const escaped = UNSAFE.test(text) ? text.replace(UNSAFE, escapeCharacter) : text;
  UNSAFE.lastIndex = 0;
  return escaped.length <= maxLength ? escaped : cut(escaped, maxLength);
}

export function hexText(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? escapeByte(code) : `\\u{${code.toString(16)}}`;
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function cut(text: string, maxLength: number): string {
  if (maxLength < 1) return '';
  let end = maxLength - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last < 0xdc00) end -= 1; // never half of a surrogate pair
  return text.slice(0, end) + ELLIPSIS;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeBroken(bytes); // not valid as a whole: piece by piece
  }
}

function decodeBroken(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    text += length === 0 ? escapeByte(bytes[at] ?? 0) : strict.decode(bytes.subarray(at, at + length));
    at += length || 1;
  }
  return text;
}

/** Bytes of the valid UTF-8 character at `at`; 0 where there is none. Overlong forms and surrogates are not valid. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
