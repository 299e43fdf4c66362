import { type FormEvent, useId, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import type { RegisteredRecord } from '../../../shared/api/types';
import { formatDate, formatSize } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { StateChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { saveBlob } from '../../../shared/ui/saveBlob';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { type CorrectedField, useCorrect, useRecord } from '../api/record';

interface Props {
  recordId: string | number;
  onClose: () => void;
}

const fields: CorrectedField[] = ['title', 'internal_title', 'sender', 'recipient', 'not_a_record'];

function current(record: RegisteredRecord, field: CorrectedField): string {
  return field === 'title' || field === 'internal_title' || field === 'sender' || field === 'recipient' ? record[field] : '';
}

/** A record as registered, and *Rätta*: a correction with its reason. Both wordings stay; nothing is edited. */
export function CorrectSheet({ recordId, onClose }: Props) {
  const { t } = useLanguage();
  const id = useId();
  const record = useRecord(recordId);
  return (
    <Sheet className="correct" labelledBy={id} onClose={onClose}>
      <div className="lift-head">
        <h2 id={id} className="grow" tabIndex={-1}>{t('correct.title')}</h2>
        {record.data && <StateChip state="registered"><span className="num">{record.data.number}</span></StateChip>}
        <IconButton label={t('close')} icon="XMark" onClick={onClose} />
      </div>
      {record.isError && <div className="lift-right"><Fault error={record.error} onRetry={() => void record.refetch()} /></div>}
      {record.data && <CorrectForm record={record.data} onClose={onClose} />}
    </Sheet>
  );
}

function CorrectForm({ record, onClose }: { record: RegisteredRecord; onClose: () => void }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const api = useApi();
  const correct = useCorrect();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [field, setField] = useState<CorrectedField>('title');
  const [value, setValue] = useState(record.title);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);

  const save = async () => {
    if (!reason.trim()) return setFault(t('correct.reasonMissing'));
    setBusy(true);
    setFault('');
    try {
      await correct(record.id, { field, value: field === 'not_a_record' ? true : value, reason: reason.trim() });
      say(t('correct.done'));
      onClose();
    } catch (error) {
      setFault(faultText(error));
      setBusy(false);
    }
  };
  const onKeyDown = useKeys(t('correct.title'), [
    { keys: ['Ctrl+Enter'], label: t('correct.save'), run: () => void save(), inText: true },
  ]);
  const open = async (url: string, name: string) => {
    try {
      saveBlob(await api.blob(url), name);
    } catch (error) {
      setFault(faultText(error));
    }
  };

  return (
    <form className="correct-body" onSubmit={(event: FormEvent) => { event.preventDefault(); void save(); }} onKeyDown={onKeyDown} noValidate>
      <div className="lift-right">
        <p><b>{record.title}</b></p>
        <ul className="stops">
          {record.files.map((file) => (
            <li key={`${file.name} ${file.role}`}><span>{t(`file.${file.role}`, { defaultValue: file.role })}</span>
              <button type="button" className="ds-link" onClick={() => void open(file.url, file.name)}>{file.name}</button>
              <small>{formatSize(file.size, language)}</small></li>
          ))}
        </ul>
        {record.rendition === 'waiting' && <p className="quiet small-text">{t('correct.renditionWaiting')}</p>}
        {record.corrections.map((one) => (
          <p className="small-text" key={`${one.at}${one.field}`}>
            {t('correct.was', { field: t(`field.${one.field}`, { defaultValue: one.field }), from: one.from, to: one.to, date: formatDate(one.at, language, http.now()), reason: one.reason })}
          </p>
        ))}
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}f`}>{t('correct.what')}</label>
          <select
            className="ds-input" id={`${id}f`} value={field} data-first=""
            onChange={(event) => { const next = event.target.value as CorrectedField; setField(next); setValue(current(record, next)); }}
          >
            {fields.map((one) => <option key={one} value={one}>{t(`field.${one}`)}</option>)}
          </select>
        </div>
        {field !== 'not_a_record' && (
          <div className="ds-field">
            <label className="ds-label" htmlFor={`${id}v`}>{t('correct.value')}</label>
            <input className="ds-input" id={`${id}v`} value={value} onChange={(event) => setValue(event.target.value)} />
          </div>
        )}
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}r`}>{t('correct.reason')}</label>
          <input className="ds-input" id={`${id}r`} value={reason} aria-invalid={fault !== '' && !reason.trim()} aria-describedby={`${id}p`} onChange={(event) => setReason(event.target.value)} />
          <p className="problem small-text" id={`${id}p`} role="alert">{fault}</p>
        </div>
      </div>
      <div className="lift-foot">
        <p>{t('correct.note')}</p>
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" keys={['Ctrl', '↵']} disabled={busy}>{t('correct.save')}</Button>
      </div>
    </form>
  );
}
