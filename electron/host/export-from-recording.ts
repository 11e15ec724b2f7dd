/** The export that the window asks for, from the session's own recording. */
import { exportRecording, within } from '../export/index.ts';
import type { Exporter } from './export-desk.ts';

export const exportFromRecording: Exporter = async (recording, { format, table, file, ranges }, stop) => {
  await exportRecording({ recording, format, table, file, filter: within(ranges), stop });
};
