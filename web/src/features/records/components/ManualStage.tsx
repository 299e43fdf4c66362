import { useId, useRef } from 'react';
import { formatSize, formatTime, formatWeekday } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { Icon } from '../../../shared/ui/Icon';
import type { Manual } from '../useManual';

/** The thing itself: the mail as it came, the file, or what is being said on the phone. */
export function ManualStage({ manual }: { manual: Manual }) {
  const { kind } = manual;
  if (kind === 'phone' || kind === 'paper' || kind === 'counter') return <NoteStage manual={manual} />;
  return manual.preview ? <FileStage manual={manual} /> : <EmptyStage manual={manual} />;
}

function FilePicker({ label, onFile, variant = 'tertiary' }: { label: string; onFile: (file: File) => void; variant?: 'tertiary' | 'primary' | 'secondary' }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant={variant} small={variant === 'tertiary'} onClick={() => picker.current?.click()}>{label}</Button>
      <input
        ref={picker} type="file" hidden aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          event.target.value = '';
        }}
      />
    </>
  );
}

function EmptyStage({ manual }: { manual: Manual }) {
  const { t } = useLanguage();
  return (
    <div className="desk-left disc-stage" data-region="stage">
      <div className="sheet-page drop-here">
        <Icon name="FileImport" className="big" />
        <h2>{manual.reading ? t('manual.reading') : t('manual.drop')}</h2>
        <p className="quiet">{t('manual.dropNote')}</p>
        <FilePicker label={t('manual.choose')} variant="secondary" onFile={(file) => void manual.read(file)} />
      </div>
    </div>
  );
}

function FileStage({ manual }: { manual: Manual }) {
  const { t, language, words } = useLanguage();
  const { preview, file } = manual;
  const mail = preview?.mail;
  const date = (value: number | string | null) => {
    if (value === null) return '–';
    const at = typeof value === 'number' ? value : Date.parse(value);
    return Number.isNaN(at) ? String(value) : `${formatWeekday(at, language)}, ${formatTime(at, language)}`;
  };
  return (
    <div className="desk-left disc-stage" tabIndex={0} role="region" aria-label={mail ? t('manual.theMail') : t('manual.theFile')} data-region="stage">
      <p className="dropped row">
        <Icon name="FileImport" />
        <span className="grow"><b>{file?.name}</b><small>{t('manual.dropped', { time: formatTime(file?.at ?? 0, language) })}</small></span>
        {!manual.result && <FilePicker label={t('manual.change')} onFile={(picked) => void manual.read(picked)} />}
      </p>
      {preview?.unread && <p className="hint" role="status"><Icon name="ExclamationmarkTriangle" /><span>{words(preview.unread)}</span></p>}
      <article className="sheet-page mailpage">
        {mail && (
          <>
            <dl className="facts mail-facts">
              <dt>{t('manual.from')}</dt><dd>{mail.from}</dd>
              <dt>{t('manual.to')}</dt><dd>{mail.to}</dd>
              <dt>{t('manual.date')}</dt><dd className="num">{date(mail.date)}</dd>
              <dt>{t('manual.subject')}</dt><dd>{mail.subject}</dd>
            </dl>
            <div className="mail-text">{mail.text}</div>
          </>
        )}
        <div className="row wrap">
          {preview?.attachments.map((one) => (
            <label className="attach" key={one.part}>
              <Icon name={one.type.startsWith('image/') ? 'FileImage' : one.type === 'application/pdf' ? 'FilePdf' : 'File'} />
              <span>{one.name}<small>{formatSize(one.size, language)}</small></span>
              {!manual.result && <input type="checkbox" className="ds-input" checked={manual.parts.has(one.part)} onChange={() => manual.togglePart(one.part)} />}
            </label>
          ))}
        </div>
      </article>
    </div>
  );
}

/** Phone, paper and counter: what was said or what lies on the desk, written while it happens. */
function NoteStage({ manual }: { manual: Manual }) {
  const { t } = useLanguage();
  const { kind, note, setNote } = manual;
  const id = useId();
  const phone = kind === 'phone';
  const read = manual.result !== null;
  return (
    <div className="desk-left disc-stage" data-region="stage">
      <form className="sheet-page note-page" aria-label={t(`manual.${kind}`)} onSubmit={(event) => event.preventDefault()}>
        {phone && <p className="hint"><Icon name="InformationSquare" /><span>{t('manual.phoneHint')}</span></p>}
        {kind === 'paper' && (
          <div className="stack tight">
            <p><b>{t('manual.scan')}</b></p>
            <p className="quiet small-text">{t('manual.scanNote')}</p>
            <p className="row">{manual.file && <span>{manual.file.name}</span>}{!read && <FilePicker label={manual.file ? t('manual.change') : t('manual.choose')} onFile={(file) => void manual.read(file)} />}</p>
          </div>
        )}
        <div className="ds-field">
          <label htmlFor={`${id}said`} className="strong">{kind === 'paper' ? t('manual.paperNote') : t('manual.said')}</label>
          <textarea
            className="ds-input" id={`${id}said`} rows={kind === 'paper' ? 3 : 8} value={note.said} readOnly={read} autoFocus data-region-focus=""
            onChange={(event) => setNote({ ...note, said: event.target.value })}
          />
        </div>
        <div className="ds-field">
          <label htmlFor={`${id}who`} className="strong">{phone ? t('manual.who') : t('manual.whoPaper')} <span className="quiet">{t('manual.whoNote')}</span></label>
          <input className="ds-input" id={`${id}who`} value={note.who} readOnly={read} onChange={(event) => setNote({ ...note, who: event.target.value })} />
        </div>
        {kind === 'paper' && (
          <div className="ds-field">
            <label htmlFor={`${id}place`} className="strong">{t('manual.place')} <span className="quiet">{t('manual.placeNote')}</span></label>
            <input className="ds-input" id={`${id}place`} value={note.place} readOnly={read} onChange={(event) => setNote({ ...note, place: event.target.value })} />
          </div>
        )}
        {kind === 'paper' && (
          <div className="ds-field">
            <label htmlFor={`${id}reserved`} className="strong">{t('reserved.onPaper')} <span className="quiet">{t('reserved.onPaperNote')}</span></label>
            <input className="ds-input" id={`${id}reserved`} value={note.reserved} readOnly={read} onChange={(event) => setNote({ ...note, reserved: event.target.value })} />
          </div>
        )}
      </form>
    </div>
  );
}
