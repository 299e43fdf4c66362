import { type KeyboardEvent, useLayoutEffect, useId, useRef, useState } from 'react';
import { useAuthorities, useDirectory } from '../../../shared/api/me';
import type { CaseWithRecords, ParallelCase } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { useSay } from '../../../shared/ui/Status';
import { useChangeCase } from '../api/caseChanges';
import { type CaseField, needsReason, statesFrom } from '../caseFields';

interface Props {
  found: CaseWithRecords;
  field: CaseField;
  onDone: () => void;
}

/** One field of a case, opened in place. Enter keeps it, Esc lets it be; the old value stays in the history. */
export function CaseFieldForm({ found, field, onDone }: Props) {
  const { t } = useLanguage();
  const change = useChangeCase(found.id);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState<string>(field === 'parallel' ? '' : found[field] ?? '');
  const [parallel, setParallel] = useState<ParallelCase[]>([...found.parallel, { authority: '', number: '' }]);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const required = needsReason.has(field);
  const label = t(`caseField.${field}`);
  // Before the next key can come.
  useLayoutEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('input, select');
    first?.focus();
    if (first instanceof HTMLInputElement && first.type === 'text') first.select();
  }, []);

  const save = async () => {
    const rows = parallel.filter((one) => one.authority.trim() || one.number.trim());
    if (rows.some((one) => !one.authority.trim() || !one.number.trim())) return setFault(t('caseField.bothMissing'));
    const same = field === 'parallel' ? JSON.stringify(rows) === JSON.stringify(found.parallel) : value.trim() === (found[field] ?? '');
    if (same) return onDone();
    if (required && !reason.trim()) {
      document.getElementById(`${id}r`)?.focus();
      return setFault(t('caseField.reasonMissing'));
    }
    setBusy(true);
    setFault('');
    try {
      await change(field, field === 'parallel' ? rows : value.trim() || null, reason.trim());
      say(t('caseField.saved', { field: label }));
      onDone();
    } catch (error) {
      setFault(faultText(error));
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    if (event.key === 'Enter' && event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') onDone();
    else void save();
  };
  return (
    <form ref={form} className="stack tight" aria-label={t('keys.change', { what: label })} onSubmit={(event) => { event.preventDefault(); void save(); }} onKeyDown={onKeyDown} noValidate>
      {field === 'parallel' ? <ParallelRows rows={parallel} onChange={setParallel} />
        : field === 'state' || field === 'officer' ? <Choice found={found} field={field} label={label} value={value} onChange={setValue} />
          : <input className="ds-input" aria-label={label} type={field === 'deadline' ? 'date' : 'text'} value={value} onChange={(event) => setValue(event.target.value)} />}
      <label className="small-text" htmlFor={`${id}r`}>{t(required ? 'caseField.reason' : 'caseField.reasonMaybe')}</label>
      <input className="ds-input" id={`${id}r`} value={reason} aria-invalid={fault !== '' && required && !reason.trim()} aria-describedby={`${id}p`} onChange={(event) => setReason(event.target.value)} />
      <p className="problem small-text" id={`${id}p`} role="alert">{fault}</p>
      <span className="row">
        <Button small type="submit" variant="secondary" keys={['↵']} disabled={busy}>{t('field.save')}</Button>
        <Button small variant="tertiary" color="neutral" keys={['Esc']} onClick={onDone}>{t('cancel')}</Button>
      </span>
    </form>
  );
}

interface ChoiceProps { found: CaseWithRecords; field: 'state' | 'officer'; label: string; value: string; onChange: (value: string) => void }

function Choice({ found, field, label, value, onChange }: ChoiceProps) {
  const { t } = useLanguage();
  const directory = useDirectory();
  const people = [...directory.values()].filter((one) => one.authority === found.authority || one.user_id === value).sort((a, b) => a.name.localeCompare(b.name, 'sv'));
  return (
    <select className="ds-input" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {field === 'state' && statesFrom(found.state).map((one) => <option key={one} value={one}>{t(`caseField.state_${one}`)}</option>)}
      {field === 'officer' && <option value="">{t('caseField.nobody')}</option>}
      {field === 'officer' && people.map((one) => <option key={one.user_id} value={one.user_id}>{one.name}</option>)}
    </select>
  );
}

/** The same matter elsewhere; an empty row is always there to write in, and a row that is emptied goes. */
function ParallelRows({ rows, onChange }: { rows: ParallelCase[]; onChange: (rows: ParallelCase[]) => void }) {
  const { t, words } = useLanguage();
  const authorities = useAuthorities();
  const id = useId();
  const write = (at: number, part: Partial<ParallelCase>) => {
    const next = rows.map((one, index) => (index === at ? { ...one, ...part } : one));
    const last = next.at(-1);
    onChange(last && (last.authority || last.number) ? [...next, { authority: '', number: '' }] : next);
  };
  return (
    <>
      {rows.map((row, at) => (
        <span className="parallel-row" key={at} role="group" aria-label={t('caseField.parallelRow', { count: at + 1 })}>
          <input className="ds-input" list={`${id}a`} value={row.authority} aria-label={t('caseField.parallelAuthority')} placeholder={t('caseField.parallelAuthority')} onChange={(event) => write(at, { authority: event.target.value })} />
          <input className="ds-input num" value={row.number} aria-label={t('caseField.parallelNumber')} placeholder={t('caseField.parallelNumber')} onChange={(event) => write(at, { number: event.target.value })} />
        </span>
      ))}
      <datalist id={`${id}a`}>{authorities.map((one) => <option key={one.code} value={words(one.name)} />)}</datalist>
    </>
  );
}
