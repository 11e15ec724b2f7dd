import { Button } from '../../widgets/button.tsx';
import { fileName } from '../../widgets/format.ts';
import { CrossIcon, KeyIcon } from '../../widgets/icons.tsx';

export interface KeyFilesProps {
  readonly files: readonly string[];
  readonly onChange: (files: readonly string[]) => void;
  readonly choose: () => Promise<string | null>;
}

export function KeyFiles({ files, onChange, choose }: KeyFilesProps) {
  const add = async () => {
    const file = await choose();
    if (file !== null && !files.includes(file)) onChange([...files, file]);
  };
  return (
    <div className="field">
      <span className="field-label" id="key-files">
        Private key
      </span>
      <div className="key-files" role="group" aria-labelledby="key-files">
        {files.map((file) => (
          <span key={file} className="chip" title={file}>
            <KeyIcon />
            <span className="chip-text">{fileName(file)}</span>
            <Button
              look="quiet"
              aria-label={`Do not use ${fileName(file)}`}
              onClick={() => onChange(files.filter((other) => other !== file))}
            >
              <CrossIcon size={12} />
            </Button>
          </span>
        ))}
        <Button onClick={() => void add()}>{files.length === 0 ? 'Choose a key file…' : 'Add…'}</Button>
      </div>
      <p className="field-help">Optional. Without one: your ssh agent, ~/.ssh/config and the usual key files.</p>
    </div>
  );
}
