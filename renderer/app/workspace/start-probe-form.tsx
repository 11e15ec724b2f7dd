import { useState } from 'react';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { Button } from '../../widgets/button.tsx';
import { checkOptions } from '../start/connect-draft.ts';
import { OptionFields } from '../start/option-fields.tsx';

export interface StartProbeFormProps {
  readonly manifest: ProbeManifest;
  readonly onStart: (options: Readonly<Record<string, string>>) => void;
}

/** The options of one probe, and the button that starts it. */
export function StartProbeForm({ manifest, onStart }: StartProbeFormProps) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [attempted, setAttempted] = useState(false);
  const { options, errors } = checkOptions(manifest, typed);
  return (
    <form
      className="start-probe"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAttempted(true);
        if (Object.keys(errors).length === 0) onStart(options);
      }}
    >
      <OptionFields
        specs={manifest.options}
        values={typed}
        errors={attempted ? errors : {}}
        onChange={(name, value) => setTyped({ ...typed, [name]: value })}
      />
      <Button look="primary" submits>
        Start
      </Button>
    </form>
  );
}
