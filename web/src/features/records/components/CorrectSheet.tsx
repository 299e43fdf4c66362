import { type FormEvent, useId, useState } from 'react';
import type { Draft, RegisteredRecord } from '../../../shared/api/types';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { StateChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { type CorrectedField, useCorrect, useRecord } from '../api/record';
import { useRecordActs } from '../useRecordActs';
import { RecordShown } from './RecordShown';
import { SecrecyField } from './SecrecyField';

interface Props {
  recordId: string | number;
  onClose: () => void;
}

const fields: CorrectedField[] = ['title', 'internal_title', 'sender', 'recipient', 'secrecy', 'not_a_record'];

function current(record: RegisteredRecord, field: CorrectedField): string {
  return field === 'title' || field === 'internal_title' || field === 'sender' || field === 'recipient' ? record[field] : '';
}

/** A record as registered, what can be done with it, and *Rätta*: a correction with its reason. Both wordings stay; nothing is edited. */
export function CorrectSheet({ recordId, onClose }: Props) {
  const { t } = useLanguage();
  const id = useId();
  const record = useRecord(recordId);
  const acts = useRecordActs(record.data, onClose);
  const marks = { keys: ['S'], label: t('keys.secrecy'), run: () => document.querySelector<HTMLElement>('.correct [value="secrecy"]')?.click() };
  const onKeyDown = useKeys(t('record.tools'), [...acts.bindings, marks]);
  return (
    <Sheet className="correct" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="lift-head">
        <h2 id={id} className="grow" tabIndex={-1}>{t('correct.title')}</h2>
        {record.data && <StateChip state="registered"><span className="num">{record.data.number}</span></StateChip>}
        <IconButton label={t('close')} icon="XMark" onClick={onClose} />
      </div>
      {record.isError && <div className="lift-right"><Fault error={record.error} onRetry={() => void record.refetch()} /></div>}
      {record.data && <RecordShown record={record.data} acts={acts} />}
      {record.data && <CorrectForm key={record.data.corrections.length} record={record.data} onClose={onClose} />}
    </Sheet>
  );
}

function CorrectForm({ record, onClose }: { record: RegisteredRecord; onClose: () => void }) {
  const { t } = useLanguage();
  const { http } = useMatrix();
  const correct = useCorrect();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [field, setField] = useState<CorrectedField>('title');
  const [value, setValue] = useState(record.title);
  const [secrecy, setSecrecy] = useState<Draft['secrecy']>(record.secrecy);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);

  const save = async () => {
    if (!reason.trim()) return setFault(t('correct.reasonMissing'));
    if (field === 'secrecy' && secrecy && !secrecy.provision.trim()) return setFault(t('problem.secrecyProvision'));
    setBusy(true);
    setFault('');
    try {
      const corrected = field === 'not_a_record' ? true : field === 'secrecy' ? secrecy : value;
      await correct(record.id, { field, value: corrected, reason: reason.trim() });
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
  return (
    <form className="correct-body" onSubmit={(event: FormEvent) => { event.preventDefault(); void save(); }} onKeyDown={onKeyDown} noValidate>
      <div className="lift-right">
        <fieldset className="plain">
          <legend>{t('correct.what')}</legend>
          <div className="row wrap choices">
            {fields.map((one) => (
              <label className="row" key={one}>
                <input
                  type="radio" className="ds-input" name={`${id}f`} value={one} checked={field === one} data-first={field === one ? '' : undefined}
                  onChange={() => { setField(one); setValue(current(record, one)); }}
                />
                {t(`field.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
        {field === 'secrecy' && <SecrecyField secrecy={secrecy} hints={[]} today={dayOf(http.now())} onChange={setSecrecy} />}
        {field !== 'not_a_record' && field !== 'secrecy' && (
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
