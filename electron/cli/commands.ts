/** Every command, alphabetical. */
import { capture } from './capture.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { help } from './help.ts';
import { info } from './info.ts';
import { record } from './record.ts';
import { remove } from './remove.ts';
import { top } from './top.ts';

export const COMMANDS: readonly Command[] = [capture, doctor, exportCommand, help, info, record, remove, top];
