import { Button } from '../../widgets/button.tsx';
import { fileName } from '../../widgets/format.ts';

/** A file of another profiler has no place for marks: whoever puts some there is told before they are gone. */
export function ImportedBanner({ file, onSave }: { readonly file: string; readonly onSave: () => void }) {
  return (
    <div className="banner">
      <p>
        Read from <b>{fileName(file)}</b>, which another profiler wrote. Marks last until it is closed, unless it is
        saved as a recording.
      </p>
      <Button onClick={onSave}>Save as a recording…</Button>
    </div>
  );
}
