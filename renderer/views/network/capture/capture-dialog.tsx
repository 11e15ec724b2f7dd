import { useEffect, useState } from 'react';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { Field } from '../../../widgets/field.tsx';
import { sentence } from '../../../widgets/fault-card.tsx';
import { type CaptureDraft, FIRST_DRAFT, wishOf } from './capture-draft.ts';
import type { PacketDesk } from './packet-desk.ts';

export interface CaptureDialogProps {
  readonly desk: PacketDesk;
  /** Of the flow it was asked for. */
  readonly filter: string;
  readonly onClose: () => void;
}

/** What is to be captured. It stays until packets are taken, so that a filter that the device refuses can be mended. */
export function CaptureDialog({ desk, filter, onClose }: CaptureDialogProps) {
  const [draft, setDraft] = useState<CaptureDraft>({ ...FIRST_DRAFT, filter });
  const [attempted, setAttempted] = useState(false);
  const [asked, setAsked] = useState<PacketDesk['view']>(null);
  const { wish, errors } = wishOf(draft);
  const { view } = desk;
  const isNew = attempted && view !== asked;
  const refusal = isNew && view?.kind === 'ended' && view.fault?.code === 'bad-option' ? view : null;
  const isWaiting = isNew && view?.kind === 'starting';
  const isOver = isNew && view !== null && view.kind !== 'starting' && refusal === null;
  useEffect(() => {
    if (isOver) onClose();
  }, [isOver, onClose]);
  const change = (part: Partial<CaptureDraft>) => setDraft({ ...draft, ...part });
  const isRefused = refusal !== null && refusal.order.filter === draft.filter.trim();
  const filterError = isRefused && refusal.fault ? refusalText(refusal.fault) : null;
  const number = (name: Exclude<keyof CaptureDraft, 'filter'>, label: string, help: string, placeholder: string) => (
    <Field label={label} help={help} error={errors[name]}>
      {(input) => (
        <input
          {...input}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder={placeholder}
          value={draft[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      title="Capture packets"
      onCancel={onClose}
      onSubmit={() => {
        if (!wish || isWaiting) return;
        setAsked(view);
        setAttempted(true);
        void desk.start(wish);
      }}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submits disabled={!wish || isWaiting || !desk.canStart}>
            {isWaiting ? 'Starting…' : 'Choose a file and start…'}
          </Button>
        </>
      }
    >
      <Field
        label="Filter"
        help="As in tcpdump and Wireshark’s capture filters: tcp port 1883 and host 10.0.0.9. Empty takes everything."
        error={filterError}
      >
        {(input) => (
          <input
            {...input}
            data-first-focus
            className="capture-filter"
            type="text"
            autoComplete="off"
            spellCheck={false}
            placeholder="everything"
            value={draft.filter}
            onChange={(event) => change({ filter: event.target.value })}
          />
        )}
      </Field>
      <div className="capture-bounds">
        {number('maxMegabytes', 'File, at most (MB)', 'The capture ends there.', 'no limit')}
        {number('maxSeconds', 'Time, at most (s)', 'The capture ends then.', 'until stopped')}
        {number('rateMegabytes', 'Rate, at most (MB/s)', 'More is left out, and counted.', 'no limit')}
        {number('ratePackets', 'Packets, at most (per second)', 'More are left out, and counted.', 'no limit')}
        {number('snapBytes', 'Of each packet (bytes)', 'The rest of it is cut off.', 'all')}
      </div>
      <p className="dialog-note">
        The filter runs in the kernel of the device, and packets come over the connection that is there; its own packets
        are left out. Each carries the processes it goes between as a comment.
      </p>
    </Dialog>
  );
}

function refusalText({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  return hint === undefined ? sentence(message) : `${sentence(message)} ${hint}`;
}
