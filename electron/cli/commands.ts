/** Every command, alphabetical. */
import { capture } from './capture.ts';
import type { Command } from './command.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { fetchCommand } from './fetch.ts';
import { help } from './help.ts';
import { importCommand } from './import.ts';
import { info } from './info.ts';
import { record } from './record.ts';
import { redact } from './redact.ts';
import { remove } from './remove.ts';
import { report } from './report.ts';
import { top } from './top.ts';

export const COMMANDS: readonly Command[] = [
  capture,
  diff,
  doctor,
  exportCommand,
  fetchCommand,
  help,
  importCommand,
  info,
  record,
  redact,
  remove,
  report,
  top,
];
