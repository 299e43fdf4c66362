import { useId } from 'react';
import type { Plan } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { ClassChip } from '../../shared/ui/chips';
import { KeyHint } from '../../shared/ui/KeyHint';

interface Props {
  plan: Partial<Plan>;
  onChange: (change: Partial<Plan>) => void;
}

const choices = [['open', '1'], ['internal', '2']] as const;

/** What the plan asks: what will be shared, why, and for how long. What can't be chosen says why. */
export function PlanForm({ plan, onChange }: Props) {
  const { t } = useLanguage();
  const id = useId();
  const days = (field: 'weed_after_days' | 'dispose_after_days', label: string) => (
    <div className="ds-field">
      <label className="ds-label" htmlFor={`${id}${field}`}>{label}</label>
      <span className="row">
        <input
          className="ds-input num plan-days" id={`${id}${field}`} type="number" min={0} max={36500} value={plan[field] ?? 0}
          onChange={(event) => { if (event.target.value !== '') onChange({ [field]: Number(event.target.value) }); }}
        />
        <span className="quiet">{t('planPage.days')}</span>
      </span>
    </div>
  );
  return (
    <section className="stack" aria-label={t('planPage.edit')}>
      <h2 className="card-title">{t('planPage.edit')}</h2>
      <div className="ds-field">
        <label className="ds-label" htmlFor={`${id}p`}>{t('plan.purpose')}</label>
        <input className="ds-input" id={`${id}p`} value={plan.purpose ?? ''} onChange={(event) => onChange({ purpose: event.target.value })} />
      </div>
      <fieldset className="plain stack">
        <legend>{t('planPage.what')}</legend>
        <p className="quiet small-text">{t('planPage.whatNote')}</p>
        {choices.map(([one, key]) => (
          <label className="check share" key={one}>
            <input type="radio" className="ds-input" name={id} checked={plan.class === one} onChange={() => onChange({ class: one })} />
            <span>{t(`planPage.${one}`)} <ClassChip informationClass={one} /> <KeyHint keys={[key]} /><small>{t(`planPage.${one}Note`)}</small></span>
          </label>
        ))}
        <label className="check share">
          <input type="radio" className="ds-input" name={id} disabled checked={plan.class === 'sensitive'} readOnly />
          <span>{t('planPage.sensitive')}<small>{t('planPage.sensitiveNote')}</small></span>
        </label>
        <p className="quiet small-text">{t('planPage.security')}</p>
      </fieldset>
      {plan.level === 'within' ? days('weed_after_days', t('planPage.weed')) : days('dispose_after_days', t('planPage.dispose'))}
    </section>
  );
}
