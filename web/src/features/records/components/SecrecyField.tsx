import { useId } from 'react';
import type { Draft, Suggestions } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';

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
  return (
    <div className="stack">
      <div className="row wrap choices">
        <label className="row"><input type="radio" className="ds-input" name={id} autoFocus={autoFocus && !secrecy} checked={!secrecy} onChange={() => onChange(null)} /> {t('secrecy.none')}</label>
        <label className="row">
          <input
            type="radio" className="ds-input" name={id} autoFocus={autoFocus && secrecy !== null} checked={secrecy !== null}
            onChange={() => onChange({ provision: suggested?.provision ?? '', day: today, note: '' })}
          /> {t('secrecy.mark')}
        </label>
      </div>
      {hints.map((hint) => <p className="small-text quiet" key={hint.provision}>{t('secrecy.hint', { provision: hint.provision })} {words(hint.why)}</p>)}
      {secrecy && (
        <div className="row wrap">
          <div className="ds-field grow">
            <label className="ds-label" htmlFor={`${id}p`}>{t('secrecy.provision')}</label>
            <input className="ds-input" id={`${id}p`} value={secrecy.provision} placeholder="OSL 21:1" onChange={(event) => onChange({ ...secrecy, provision: event.target.value })} />
          </div>
          <div className="ds-field grow">
            <label className="ds-label" htmlFor={`${id}n`}>{t('secrecy.note')}</label>
            <input className="ds-input" id={`${id}n`} value={secrecy.note} onChange={(event) => onChange({ ...secrecy, note: event.target.value })} />
          </div>
        </div>
      )}
    </div>
  );
}
