import { type FormEvent, useId, useState } from 'react';
import type { Span } from '../../../shared/api/types';
import { localMoment, momentOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';

const minute = 60_000;

/** The span of time that is lifted; it may reach further than what the room shows. */
export function SpanFields({ span, onSpan }: { span: Span; onSpan: (span: Span) => void }) {
  const { t } = useLanguage();
  const id = useId();
  const [from, setFrom] = useState(localMoment(span.from));
  const [to, setTo] = useState(localMoment(span.to));
  const [wrong, setWrong] = useState(false);
  const show = (event: FormEvent) => {
    event.preventDefault();
    const [first, last] = [momentOf(from), momentOf(to)];
    // The last minute counts to its end.
    const ok = first !== null && last !== null && first <= last;
    setWrong(!ok);
    if (ok) onSpan({ from: first, to: last + minute - 1 });
  };
  return (
    <form className="span-fields row wrap" aria-label={t('lift.span')} onSubmit={show} noValidate>
      <div className="ds-field">
        <label className="ds-label" htmlFor={`${id}f`}>{t('lift.from')}</label>
        <input className="ds-input" id={`${id}f`} type="datetime-local" value={from} aria-invalid={wrong} aria-describedby={`${id}w`} onChange={(event) => setFrom(event.target.value)} />
      </div>
      <div className="ds-field">
        <label className="ds-label" htmlFor={`${id}t`}>{t('lift.to')}</label>
        <input className="ds-input" id={`${id}t`} type="datetime-local" value={to} aria-invalid={wrong} aria-describedby={`${id}w`} onChange={(event) => setTo(event.target.value)} />
      </div>
      <Button small variant="secondary" type="submit">{t('lift.showSpan')}</Button>
      <p className="problem small-text" id={`${id}w`} role="alert">{wrong && t('lift.spanWrong')}</p>
    </form>
  );
}
