/** The answer of a device script is cut into sections by marker lines no login message and no file of a device has. */

const SECTIONS = [
  'uname',
  'id',
  'home',
  'files-of-the-kernel',
  'present',
  'config',
  'node',
  'libc',
  'sudo',
  'clock',
  'places',
  'space',
  'files',
  'sums',
  'checked-node',
  'runs',
  'end',
] as const;
export type DeviceSection = (typeof SECTIONS)[number];
export type Sections = Readonly<Record<DeviceSection, readonly string[]>>;

const MARK = '=== sonde section';
/** The longest that a device may fill: mount points of a container host. Some readers compare every line with every other. */
const MAX_LINES = 2000;
/** Paths are at most this long. */
const MAX_LINE = 8192;

export function sectionStart(section: DeviceSection): string {
  return `${MARK} ${section} ===`;
}

/** Lines per section; what a login shell printed before the first is dropped, as is what is too much. Absent sections are empty. */
export function cutSections(text: string): Sections {
  const sections = Object.fromEntries(SECTIONS.map((name) => [name, [] as string[]])) as Record<
    DeviceSection,
    string[]
  >;
  let current: string[] | null = null;
  for (const line of text.split('\n')) {
    const name = line.startsWith(MARK) ? SECTIONS.find((each) => line === sectionStart(each)) : undefined;
    if (name) current = sections[name];
    else if (line !== '' && current && current.length < MAX_LINES) current.push(line.slice(0, MAX_LINE));
  }
  return sections;
}
