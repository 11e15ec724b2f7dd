import { useState } from 'react';
import { SAMPLE_HZ, type Settings } from '../../../electron/bridge/settings.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';
import { Field } from '../../widgets/field.tsx';
import { Section } from './section.tsx';
import type { SettingsDesk } from './settings-desk.ts';

/** What a session begins with where nobody chose. */
export function WatchSection({ settings, desk }: { readonly settings: Settings; readonly desk: SettingsDesk }) {
  const { probes } = settings;
  const choose = (id: string, isWanted: boolean) => {
    const chosen = PROBES.map((probe) => probe.id).filter((each) => (each === id ? isWanted : probes.includes(each)));
    void desk.change({ probes: chosen });
  };
  return (
    <Section title="New sessions">
      <fieldset className="settings-probes">
        <legend className="field-label">Watch</legend>
        {PROBES.map(({ id, title, summary }) => {
          const isWanted = probes.includes(id);
          return (
            <label key={id} title={summary}>
              <input
                type="checkbox"
                checked={isWanted}
                // A session watches something: the last one stays.
                disabled={isWanted && probes.length === 1}
                onChange={(event) => choose(id, event.target.checked)}
              />
              {title}
            </label>
          );
        })}
      </fieldset>
      <RateField hz={settings.sampleHz} desk={desk} />
      <p className="field-help">
        Also for devices you connect to with one click. Sessions that run stay as they are; the command line has options
        of its own and does not read these.
      </p>
    </Section>
  );
}

/** Kept as soon as it is a rate; what is none goes when the field is left. */
function RateField({ hz, desk }: { readonly hz: number; readonly desk: SettingsDesk }) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(hz);
  const rate = rateOf(text);
  const change = (next: string) => {
    setTyped(next);
    const nextHz = rateOf(next);
    if (nextHz !== null && nextHz !== hz) void desk.change({ sampleHz: nextHz });
  };
  return (
    <Field
      label="Sampling rate (Hz)"
      help={`Samples per second and CPU, ${SAMPLE_HZ.min} to ${SAMPLE_HZ.max}.`}
      error={rate === null ? `Must be a whole number from ${SAMPLE_HZ.min} to ${SAMPLE_HZ.max}.` : null}
    >
      {(input) => (
        <input
          {...input}
          type="text"
          className="settings-number"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => change(event.target.value)}
          onBlur={() => setTyped(null)}
        />
      )}
    </Field>
  );
}

/** null = not one that may be. */
function rateOf(text: string): number | null {
  const hz = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return hz >= SAMPLE_HZ.min && hz <= SAMPLE_HZ.max ? hz : null;
}
