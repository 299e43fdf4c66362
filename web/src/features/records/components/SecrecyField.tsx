import { useId } from 'react';
import type { Draft, Secrecy, Suggestions } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { ProvisionPicker } from './ProvisionPicker';

interface Props {
  secrecy: Draft['secrecy'];
  hints: Suggestions['secrecy_hints'];
  today: string;
  autoFocus?: boolean;
  onChange: (secrecy: Draft['secrecy']) => void;
}

/** No marking, or a marking with its provision. A marking is a reminder, not a decision. */
export function SecrecyField({ secrecy, hints, today, onChange, autoFocus }: Props) {
  const { t, words } = useLanguage();
  const id = useId();
  const suggested = hints[0];
  const blank: Secrecy = { provision: suggested?.provision ?? '', day: today, note: '' };
  return (
    <div className="stack tight">
      <div className="row wrap choices">
        <label className="row"><input type="radio" className="ds-input" name={id} autoFocus={autoFocus && !secrecy} checked={!secrecy} onChange={() => onChange(null)} /> {t('secrecy.none')}</label>
        <label className="row"><input type="radio" className="ds-input" name={id} autoFocus={autoFocus && secrecy !== null} checked={secrecy !== null} onChange={() => onChange(secrecy ?? blank)} /> {t('secrecy.mark')}</label>
      </div>
      {hints.map((hint) => (
        <p className="small-text quiet row wrap" key={hint.provision}>
          <span>{t('secrecy.hint', { provision: hint.provision })} {words(hint.why)}</span>
          {secrecy?.provision !== hint.provision && <Button small variant="tertiary" onClick={() => onChange({ ...(secrecy ?? blank), provision: hint.provision, provision_id: undefined })}>{t('secrecy.take', { provision: hint.provision })}</Button>}
        </p>
      ))}
      {secrecy && <MarkingFields secrecy={secrecy} onChange={onChange} />}
    </div>
  );
}

interface MarkingProps {
  secrecy: Secrecy;
  invalid?: boolean;
  autoFocus?: boolean;
  onChange: (secrecy: Secrecy) => void;
}

/** Provision, day and note of a marking; and that it decides nothing. */
export function MarkingFields({ secrecy, invalid, autoFocus, onChange }: MarkingProps) {
  const { t } = useLanguage();
  const id = useId();
  return (
    <>
      <ProvisionPicker value={secrecy} invalid={invalid} autoFocus={autoFocus} onPick={(value) => onChange({ ...secrecy, provision_id: undefined, ...value })} />
      <div className="row wrap marking">
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}d`}>{t('secrecy.day')}</label>
          <input className="ds-input" id={`${id}d`} type="date" value={secrecy.day} onChange={(event) => onChange({ ...secrecy, day: event.target.value })} />
        </div>
        <div className="ds-field grow">
          <label className="ds-label" htmlFor={`${id}n`}>{t('secrecy.note')}</label>
          <input className="ds-input" id={`${id}n`} value={secrecy.note} onChange={(event) => onChange({ ...secrecy, note: event.target.value })} />
        </div>
      </div>
      <p className="small-text quiet">{t('secrecy.notDecision')}</p>
    </>
  );
}
