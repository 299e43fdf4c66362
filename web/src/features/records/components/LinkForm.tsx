import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';

interface Props {
  /** What it looks like: the first is filled in, so that a duplicate costs two keys. */
  suggestions: { number: string; title: string }[];
  onDone: (number: string) => void;
  onCancel: () => void;
}

/** Under which number a thing is registered already. */
export function LinkForm({ suggestions, onDone, onCancel }: Props) {
  const { t } = useLanguage();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [written, setWritten] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const suggested = suggestions[0]?.number ?? '';
  const number = written ?? suggested;
  useEffect(() => {
    field.current?.focus();
    if (written === null) field.current?.select();
  }, [suggested, written]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (number.trim()) onDone(number.trim());
    else setMissing(true);
  };
  return (
    <form
      className="wide stack tight" aria-label={t('desk.linkTitle')} onSubmit={save} noValidate
      onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); onCancel(); } }}
    >
      <label htmlFor={id}>{t('desk.linkTitle')}</label>
      <span className="row">
        <input
          className="ds-input grow num" id={id} ref={field} list={`${id}l`} value={number} placeholder="KS 2026/00123-3"
          aria-invalid={missing && !number.trim()} onChange={(event) => setWritten(event.target.value)}
        />
        <Button small type="submit" keys={['↵']}>{t('assess.link')}</Button>
      </span>
      <datalist id={`${id}l`}>{suggestions.map((one) => <option key={one.number} value={one.number}>{one.title}</option>)}</datalist>
      {missing && !number.trim() && <p className="problem small-text" role="alert">{t('problem.already_registered')}</p>}
    </form>
  );
}
