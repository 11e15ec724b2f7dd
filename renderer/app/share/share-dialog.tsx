import { useState } from 'react';
import { EXPORT_FORMATS, type ExportFormat } from '../../../electron/bridge/contract.ts';
import {
  presetOf,
  REDACTION_PRESET_NAMES,
  REDACTION_PRESETS,
  type RedactionPreset,
  type RedactionRules,
  rulesOf,
} from '../../../electron/bridge/redaction.ts';
import type { RangeNs } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { FaultCard } from '../../widgets/fault-card.tsx';
import { EyeIcon } from '../../widgets/icons.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import type { Controller } from '../controller.ts';
import type { Session } from '../session.ts';
import { firstPart, PartChoice, partsOf } from '../workspace/part-choice.tsx';
import { KindList } from './kind-list.tsx';
import { usePreview } from './use-preview.ts';

const RECORDING = 'recording';
const WHOLE: readonly RangeNs[] = [];
const PRESETS = REDACTION_PRESET_NAMES.map((value) => ({ value, text: REDACTION_PRESETS[value].title }));

export interface ShareDialogProps {
  readonly session: Session;
  readonly controller: Controller;
  readonly onClose: () => void;
}

/** Before something leaves: what is in it, and what of it is hidden. */
export function ShareDialog({ session, controller, onClose }: ShareDialogProps) {
  const [rules, setRules] = useState<RedactionRules>(() => rulesOf(REDACTION_PRESETS.names.hides));
  const [format, setFormat] = useState<ExportFormat | typeof RECORDING>(RECORDING);
  // Fixed when the dialog opens: what leaves is what stood here, even while the data goes on.
  const [parts] = useState(() => partsOf(session, session.snapshots.getState()));
  const [part, setPart] = useState(() => firstPart(session));
  const ranges = parts[part]?.ranges ?? WHOLE;
  const { preview, fault } = usePreview(session, rules, ranges);
  const preset = presetOf(rules);
  const save = () => {
    onClose();
    void controller.shareSession(rules, format === RECORDING ? null : { format, table: null }, ranges);
  };
  return (
    <Dialog
      title="Share"
      icon={<EyeIcon />}
      onCancel={onClose}
      onSubmit={save}
      actions={
        <>
          <label className="share-format">
            Save as
            <select value={format} onChange={(event) => setFormat(event.target.value as ExportFormat)}>
              <option value={RECORDING}>Sonde recording</option>
              {EXPORT_FORMATS.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submits data-first-focus disabled={fault !== null}>
            Save…
          </Button>
        </>
      }
    >
      <div className="share">
        {parts.length > 1 && <PartChoice parts={parts} chosen={part} onChoose={setPart} />}
        <div className="share-preset">
          <span className="field-label">Hide</span>
          <Segmented<RedactionPreset>
            label="What to hide"
            options={PRESETS}
            value={preset}
            onChange={(chosen) => setRules(rulesOf(REDACTION_PRESETS[chosen].hides))}
          />
        </div>
        <p className="dialog-note">
          {preset === null ? 'Your own choice.' : REDACTION_PRESETS[preset].help} Each thing gets one stand-in, the same
          everywhere; what it stands for is stored nowhere.
        </p>
        {fault && <FaultCard fault={fault} copyText={controller.copyText} />}
        <KindList
          rules={rules}
          preview={preview}
          onChange={(kind, isHidden) => setRules((before) => ({ ...before, [kind]: isHidden }))}
        />
        <p className="share-status" role="status">
          {preview === null && fault === null && 'Looking at what is in it…'}
        </p>
      </div>
    </Dialog>
  );
}
