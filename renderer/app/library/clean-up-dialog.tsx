import { useState } from 'react';
import { type CleanUpRules, dueForCleanUp, type Library, madeMs } from '../../../electron/bridge/library.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Field } from '../../widgets/field.tsx';
import { fileName, formatBytes, formatWhen } from '../../widgets/format.ts';
import type { Controller } from '../controller.ts';

const BYTES_PER_GB = 1e9;

export interface CleanUpDialogProps {
  readonly library: Library;
  readonly nowMs: number;
  readonly controller: Controller;
  readonly onClose: () => void;
}

/** How much may lie here, and what would go because of it, before it goes. */
export function CleanUpDialog({ library, nowMs, controller, onClose }: CleanUpDialogProps) {
  const [gigabytes, setGigabytes] = useState(textOf(library.rules.maxBytes, BYTES_PER_GB));
  const [days, setDays] = useState(textOf(library.rules.maxDays, 1));
  const [bytes, age] = [numberOf(gigabytes), numberOf(days)];
  const isValid = bytes !== undefined && age !== undefined;
  const rules: CleanUpRules = { maxBytes: bytes == null ? null : bytes * BYTES_PER_GB, maxDays: age ?? null };
  const due = isValid ? dueForCleanUp(library.recordings, rules, nowMs) : [];
  const sum = due.reduce((total, entry) => total + entry.bytes, 0);
  const save = async () => {
    onClose();
    await controller.library.setRules(rules);
    if (due.length > 0)
      await controller.library.remove(
        due.map(({ file }) => file),
        true,
      );
  };
  return (
    <Dialog
      title="Clean up recordings"
      onCancel={onClose}
      onSubmit={() => void (isValid && save())}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={due.length > 0 ? 'danger' : 'primary'} submits disabled={!isValid}>
            {due.length > 0 ? `Move ${due.length} to the trash` : 'Save'}
          </Button>
        </>
      }
    >
      <div className="clean-up">
        <LimitField label="Keep at most (GB)" text={gigabytes} isValid={bytes !== undefined} onText={setGigabytes} />
        <LimitField label="Keep for at most (days)" text={days} isValid={age !== undefined} onText={setDays} />
        <p className="dialog-note">
          Empty: no limit. Nothing is deleted by itself; what is marked to keep, and what is open, always stays.
        </p>
        <p role="status">
          {due.length === 0
            ? 'Nothing would go now.'
            : `${due.length} of ${library.recordings.length} would go, ${formatBytes(sum)}:`}
        </p>
        {due.length > 0 && (
          <ul className="clean-up-list" tabIndex={0} aria-label="Recordings that would go">
            {due.map((entry) => (
              <li key={entry.file}>
                <span>{entry.about.kind === 'read' ? entry.about.hostname : fileName(entry.file)}</span>
                <span>{formatWhen(madeMs(entry), nowMs)}</span>
                <span>{formatBytes(entry.bytes)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

interface LimitFieldProps {
  readonly label: string;
  readonly text: string;
  readonly isValid: boolean;
  readonly onText: (text: string) => void;
}

function LimitField({ label, text, isValid, onText }: LimitFieldProps) {
  return (
    <Field label={label} help={null} error={isValid ? null : 'Write a number above 0, or nothing.'}>
      {(input) => (
        <input
          {...input}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder="no limit"
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

function textOf(limit: number | null, unit: number): string {
  return limit === null ? '' : String(limit / unit);
}

/** null: no limit; undefined: no number. */
function numberOf(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const number = Number(text.trim().replace(',', '.'));
  return number > 0 && Number.isFinite(number) ? number : undefined;
}
