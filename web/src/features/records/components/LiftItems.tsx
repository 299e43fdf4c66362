import { type ReactNode, useId } from 'react';
import { useDirectory } from '../../../shared/api/me';
import type { LiftPreview } from '../../../shared/api/types';
import { formatDate, formatSize, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Icon } from '../../../shared/ui/Icon';

interface Props {
  preview: LiftPreview;
  included: ReadonlySet<string>;
  /** What decides which items are here. */
  head?: ReactNode;
  onToggle: (eventId: string) => void;
}

/** What is lifted; untick to leave out. */
export function LiftItems({ preview, included, head, onToggle }: Props) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const directory = useDirectory();
  const id = useId();
  return (
    <section className="lift-left" aria-labelledby={id}>
      <h3 className="step" id={id}><i>1</i>{t('lift.items')}{preview.items.length > 1 && <span className="count">{included.size}</span>}</h3>
      {head}
      {preview.items.map((item) => (
        <label className={`pick ${included.has(item.event_id) ? '' : 'off'}`} key={item.event_id}>
          <input type="checkbox" className="ds-input" checked={included.has(item.event_id)} onChange={() => onToggle(item.event_id)} />
          <span>
            {item.note && <b>{t('note.one')}: </b>}{item.text}
            <small>{directory.get(item.sender)?.name ?? item.sender} · {formatDate(item.at, language, http.now())} {formatTime(item.at, language)}</small>
            {item.attachments.map((file) => (
              <small key={file.name}>{file.name} · {formatSize(file.size, language)}</small>
            ))}
          </span>
        </label>
      ))}
      {words(preview.status_text) && (
        <p className={preview.becomes_public ? 'hint becomes-public' : 'hint'}>
          <Icon name={preview.becomes_public ? 'ExclamationmarkTriangle' : 'InformationSquare'} /><span>{words(preview.status_text)}</span>
        </p>
      )}
    </section>
  );
}
