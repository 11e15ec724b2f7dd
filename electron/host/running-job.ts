/** What a session host can be asked while its job runs, whatever the job is. */
export interface RunningJob {
  answer(prompt: number, value: string | boolean | null): void;
  disconnect(): void;
  reconnectNow(): void;
  startProbe(probe: string, options: Readonly<Record<string, string>>): void;
  stopProbe(probe: string): void;
  /** What exports are made from; null = nothing is recorded yet. */
  readonly recordingFile: string | null;
  /** Resolves when nothing of the job is left. */
  close(): Promise<void>;
}
