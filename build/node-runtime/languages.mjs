/**
 * Node carries ICU's data for every language and every old encoding: 28 of its 86 MB, half of what would travel. The
 * agent speaks to programs only, so all but English is blanked. Nothing moves, and ICU takes a blank entry for one
 * that is missing: it falls back to English, as Node's own "small-icu" builds do.
 *
 * ICU's package, little-endian:
 *
 *     u16 size of the header · da 27 · 8 bytes · "CmnD" …
 *     u32 entries · entries × (u32 offset of the name, u32 offset of the data), both counted from here, ordered by data
 */
const FORMAT = 'CmnD';
const FORMAT_AT = 12;
const MAGIC = [0xda, 0x27];
const MAGIC_AT = 2;

/** Old encodings, dictionaries that divide words, transliteration: of no use without their languages. */
const USELESS = /\.(cnv|dict)$|\/translit\//;
/** "de", "sr_Latn_ME": a language of its own. Data for all of them have longer names: "root", "pool", "zoneinfo64". */
const LANGUAGE = /\/[a-z]{2,3}(_\w*)?\.res$/;
const KEPT_LANGUAGE = /\/en(_\w*)?\.res$/;

/**
 * Blanks them in place.
 * @param {Buffer} program
 * @returns {number} bytes blanked
 */
export function blankLanguages(program) {
  const entries = entriesOf(program, packageIn(program));
  let blanked = 0;
  // Where the last entry ends is not written anywhere; it stays.
  for (const [index, { name, at }] of entries.slice(0, -1).entries()) {
    if (!isUseless(name)) continue;
    const end = entries[index + 1].at;
    program.fill(0, at, end);
    blanked += end - at;
  }
  return blanked;
}

function isUseless(name) {
  return USELESS.test(name) || (LANGUAGE.test(name) && !KEPT_LANGUAGE.test(name));
}

function packageIn(program) {
  for (let at = program.indexOf(FORMAT); at >= 0; at = program.indexOf(FORMAT, at + 1)) {
    const start = at - FORMAT_AT;
    if (start >= 0 && MAGIC.every((byte, i) => program[start + MAGIC_AT + i] === byte)) return start;
  }
  throw new Error('no data of ICU in this Node');
}

function entriesOf(program, start) {
  const table = start + program.readUInt16LE(start);
  const offset = (index) => table + program.readUInt32LE(table + 4 * index);
  return Array.from({ length: program.readUInt32LE(table) }, (_, i) => {
    const name = offset(1 + 2 * i);
    return { name: program.toString('latin1', name, program.indexOf(0, name)), at: offset(2 + 2 * i) };
  });
}
