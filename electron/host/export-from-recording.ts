import { raise } from '../../remote-agent/protocol/index.ts';
import type { Exporter } from './export-desk.ts';

export const exportFromRecording: Exporter = async () => raise('file-io', 'exports are not there yet');
