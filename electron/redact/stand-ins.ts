/** What stands for each name, path and text, kind by kind. */
import { safeText, TEXT } from '../../remote-agent/protocol/index.ts';
import type { RedactionKind, RedactionRules } from '../bridge/redaction.ts';
import type { Ledger } from './ledger.ts';
import { NetworkStandIns } from './network-stand-ins.ts';
import { type Finds, scrub } from './scrub.ts';
import { homeOf, StandInPaths } from './stand-in-paths.ts';

const COMMON_GROUP =
  /^(?:|(?:system|user|init|machine|session|app|background)\.(?:slice|scope)|user-\d+\.slice|user@\d+\.service|session-c?\d+\.scope|init\.scope|docker|kubepods|system)$/;
const UNIT_ENDING = /\.(?:service|scope|slice|socket|timer|mount|target|path|swap)$/;
const FIRST_USER_ID = 1000;
const ROOT = 'root';

export class StandIns extends NetworkStandIns {
  private readonly paths = new StandInPaths();
  private readonly finds: Finds;

  constructor(rules: RedactionRules, ledger: Ledger) {
    super(rules, ledger);
    this.finds = {
      address: (text) => this.address(text),
      mac: (text) => this.mac(text),
      domain: (text) => this.domain(text),
      user: (name) => this.userBeforeAt(name),
      path: (text) => this.path(text),
      words: (text) => this.words.replace(text),
    };
  }

  user(name: string): string {
    if (name === '' || name === ROOT) return name;
    const standIn = this.either('users', name, () => `user-${this.number('user', name)}`);
    if (standIn !== name) this.words.learnAnywhere(name, standIn);
    return standIn;
  }

  /** "mara@gateway", but also "getty@tty1": what stands there is hidden there, and nowhere else because of it. */
  private userBeforeAt(name: string): string {
    if (name === '' || name === ROOT) return name;
    return this.words.of(name) ?? this.either('users', name, () => `user-${this.number('user', name)}`);
  }

  userId(id: number): number {
    if (id < FIRST_USER_ID) return id;
    const standIn = this.either(
      'users',
      `uid ${id}`,
      () => `uid ${FIRST_USER_ID - 1 + this.number('uid', String(id))}`,
    );
    return Number(standIn.slice('uid '.length));
  }

  /** A process, or a thread that is called as its process. */
  process(name: string): string {
    return this.called('processes', 'process', name);
  }

  thread(name: string): string {
    return this.words.of(name) ?? this.called('processes', 'thread', name);
  }

  container(name: string): string {
    return this.called('containers', 'container', name);
  }

  unit(name: string): string {
    if (COMMON_GROUP.test(name)) return this.userIdIn(name);
    const ending = UNIT_ENDING.exec(name)?.[0] ?? '';
    const standIn = this.either(
      'containers',
      name,
      () => `unit-${this.number('unit', name)}${ending}`,
      (text) => this.words.replace(text),
    );
    if (standIn !== name) {
      this.words.learn(name, standIn);
      if (ending !== '') this.words.learn(name.slice(0, -ending.length), standIn.slice(0, -ending.length));
    }
    return standIn;
  }

  /** Folders of a control group: units, containers, and what else programs make. */
  cgroup(path: string): string {
    const group = (part: string): string =>
      COMMON_GROUP.test(part) ? this.userIdIn(part) : (this.words.of(part) ?? this.unit(part));
    return this.rules.containers ? path.split('/').map(group).join('/') : this.text(path);
  }

  /** An executable, a library, a file: by its folders and its name. */
  path(path: string): string {
    if (path === '') return path;
    const home = homeOf(path);
    if (home !== null) this.user(home);
    return this.either(
      'paths',
      path,
      () => this.paths.of(path, (part) => this.words.of(part)),
      (text) =>
        text
          .split('/')
          .map((part) => this.inPath(part))
          .join('/'),
    );
  }

  /** Learns what the program is called before it is hidden. */
  program(path: string): string {
    const name =
      path
        .replace(/ \(deleted\)$/, '')
        .split('/')
        .at(-1) ?? '';
    if (path.includes('/')) this.process(name);
    return this.path(path);
  }

  /** Of a command line what it is that runs. */
  commandLine(line: string): string {
    if (line === '') return line;
    return this.either(
      'arguments',
      line,
      () => {
        const [first = ''] = line.split(' ');
        return line.length > first.length ? `${this.text(first)} …` : this.text(first);
      },
      (text) => this.text(text),
    );
  }

  /** A path or file that a call was given. */
  argument(text: string): string {
    if (text === '') return text;
    const hidden = (): string =>
      text.startsWith('socket:') ? this.text(text) : this.paths.of(text, (part) => this.words.of(part));
    return this.either('arguments', text, hidden, (whole) =>
      whole.startsWith('/') ? this.path(whole) : this.text(whole),
    );
  }

  note(text: string): string {
    if (text === '') return text;
    return this.either(
      'notes',
      text,
      () => `note ${this.number('note', text)}`,
      (whole) => this.text(whole),
    );
  }

  /** Words of a fault or a reason. */
  message(text: string, instead: string): string {
    return text === ''
      ? text
      : this.either(
          'notes',
          text,
          () => instead,
          (whole) => this.text(whole),
        );
  }

  hardware(text: string, instead = ''): string {
    return text === '' || text === instead ? text : this.either('hardware', text, () => instead);
  }

  /** A function outside of the kernel. Names of interpreted ones have files in them. */
  symbol(name: string, interpreted: boolean): string {
    if (name === '') return name;
    return this.either(
      'symbols',
      name,
      () => `function-${this.number('function', name)}`,
      (text) => (interpreted ? this.text(text) : text),
    );
  }

  buildId(hex: string): string {
    return this.rules.symbols && hex !== '' ? this.number('build', hex).toString(16).padStart(40, '0') : hex;
  }

  /** Anything, for what is in it. */
  text(text: string): string {
    return text === '' ? text : safeText(scrub(text, this.finds), TEXT.commandLine);
  }

  private called(kind: RedactionKind, word: string, name: string): string {
    if (name === '') return name;
    const standIn = this.either(
      kind,
      name,
      () => `${word}-${this.number(word, name)}`,
      (text) => this.words.replace(text),
    );
    if (standIn !== name) this.words.learn(name, standIn);
    return standIn;
  }

  /** Beside the names that are known, a folder or file may be an address or a host. */
  private inPath(part: string): string {
    return part === '' ? part : (this.words.of(part) ?? scrub(part, { ...this.finds, path: (text) => text }));
  }

  private userIdIn(group: string): string {
    return group.replace(/\d{4,}/, (id) => String(this.userId(Number(id))));
  }
}
