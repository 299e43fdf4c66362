import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';

/** Takes a file dropped anywhere on it. Every drop has a button that does the same. */
export function DropZone({ onFile, children }: { onFile: (file: File) => void; children: ReactNode }) {
  const { t } = useLanguage();
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const carriesFile = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <div
      className="drop-zone" data-over={over ? '' : undefined}
      onDragEnter={(event) => { if (carriesFile(event)) { event.preventDefault(); depth.current += 1; setOver(true); } }}
      onDragOver={(event) => { if (carriesFile(event)) event.preventDefault(); }}
      onDragLeave={() => { depth.current -= 1; if (depth.current <= 0) leave(); }}
      onDrop={(event) => {
        event.preventDefault();
        leave();
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      {children}
      {over && <p className="drop-note" aria-hidden="true">{t('desk.dropHere')}</p>}
    </div>
  );
}
