/** ~/.ssh/config and /etc/ssh/ssh_config as one flat answer per host. No command in them is ever run. */
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import SSHConfig, { type Line, type Section } from 'ssh-config';
import { raise } from '../../remote-agent/protocol/fault.ts';
import { listMatches } from './glob-files.ts';
import type { HostSettings } from './settings.ts';

/** OpenSSH's own limit for Include in Include. */
const MAX_DEPTH = 16;

export interface ConfigSources {
  readonly home: string;
  readonly configFile: string;
  readonly systemConfigFile: string;
}

export async function readHostSettings(
  sources: ConfigSources,
  host: string,
  user: string | null,
  log: (line: string) => void,
): Promise<HostSettings> {
  const lines = [
    ...(await load(sources.configFile, join(sources.home, '.ssh'), sources.home, 0, log)),
    ...(await load(sources.systemConfigFile, dirname(sources.systemConfigFile), sources.home, 0, log)),
  ];
  const config = new SSHConfig();
  config.push(...lines);
  return compute(config, host, user);
}

function compute(config: SSHConfig, host: string, user: string | null): HostSettings {
  const query = user === null ? { Host: host } : { Host: host, User: user };
  // matchExec false: opening a connection window must not run what a configuration file says.
  return config.compute(query, { ignoreCase: true, matchExec: false });
}

/** Lines of a file with every Include replaced by what it names. */
async function load(
  file: string,
  base: string,
  home: string,
  depth: number,
  log: (line: string) => void,
): Promise<Line[]> {
  if (depth > MAX_DEPTH) raise('config-invalid', `cannot read ${file}: Include goes deeper than ${MAX_DEPTH} files`);
  const text = await readText(file);
  const lines: Line[] = [];
  for (const line of parse(text, file)) {
    if (isDirective(line, 'include')) {
      lines.push(...(await include(line, base, home, depth, log)));
    } else if (isSection(line)) {
      lines.push(...(await expandSection(line, base, home, depth, log)));
    } else lines.push(line);
  }
  // The library would run nslookup for this one.
  return lines.filter((line) => !isDirective(line, 'canonicalizehostname'));
}

/** A section that includes files: their plain lines become its own; their sections only count where it is for all hosts. */
async function expandSection(
  section: Section,
  base: string,
  home: string,
  depth: number,
  log: (line: string) => void,
): Promise<Line[]> {
  const inside: Line[] = [];
  const after: Line[] = [];
  for (const line of section.config) {
    if (isDirective(line, 'canonicalizehostname')) continue;
    if (!isDirective(line, 'include')) {
      inside.push(line);
      continue;
    }
    for (const included of await include(line, base, home, depth, log))
      (isSection(included) ? after : inside).push(included);
  }
  section.config.splice(0, section.config.length, ...inside);
  if (after.length === 0) return [section];
  if (isForAll(section)) return [section, ...after];
  log(`Host sections included under “${section.param} ${valuesOf(section).join(' ')}” are left out`);
  return [section];
}

async function include(
  line: Line,
  base: string,
  home: string,
  depth: number,
  log: (line: string) => void,
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const pattern of valuesOf(line)) {
    const spelled = pattern.replace(/^~(?=\/)/, home);
    for (const file of await listMatches(isAbsolute(spelled) ? spelled : join(base, spelled))) {
      lines.push(...(await load(file, base, home, depth + 1, log)));
    }
  }
  return lines;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return '';
    return raise('config-invalid', `cannot read ${file}: ${code ?? error}`);
  }
}

function parse(text: string, file: string): Line[] {
  try {
    return [...SSHConfig.parse(text)];
  } catch (error) {
    return raise('config-invalid', `cannot understand ${file}: ${(error as Error).message.split('\n')[0]}`);
  }
}

function isDirective(line: Line, name: string): boolean {
  return 'param' in line && line.param.toLowerCase() === name;
}

function isSection(line: Line): line is Section {
  return 'config' in line;
}

function isForAll(section: Section): boolean {
  const values = valuesOf(section);
  return values.length === 1 && (values[0] === '*' || values[0]?.toLowerCase() === 'all');
}

function valuesOf(line: Line): string[] {
  if (!('value' in line)) return [];
  return typeof line.value === 'string' ? [line.value] : line.value.map(({ val }) => val);
}
