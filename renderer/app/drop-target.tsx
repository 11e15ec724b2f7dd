import { useState } from 'react';
import type { DragEvent, ReactNode } from 'react';

/** The whole window takes a recording. Without this, dropping a file would make the page try to go there. */
export function DropTarget({
  onFile,
  children,
}: {
  readonly onFile: (file: File) => void;
  readonly children: ReactNode;
}) {
  const [over, setOver] = useState(false);
  const hasFile = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    <div
      className="app"
      onDragOver={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        // Children send this too when the pointer goes from one to the next; only leaving the window counts.
        if (!event.relatedTarget) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) onFile(file);
      }}
    >
      {children}
      {over && <div className="drop-veil">Drop to open the recording</div>}
    </div>
  );
}
