/** The export that the window asks for, from the session's own recording. */
import { EVERYTHING, exportRecording } from '../export/index.ts';
import type { Exporter } from './export-desk.ts';

export const exportFromRecording: Exporter = async (recording, { format, table, file, fromNs, toNs }) => {
  await exportRecording({ recording, format, table, file, filter: { ...EVERYTHING, fromNs, toNs } });
};
