import { useId, useState } from 'react';
import { type Setting, useChangeSetting, useSettings } from '../../shared/api/settings';
import { formatDate } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { Button } from '../../shared/ui/Button';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { useSay } from '../../shared/ui/Status';

/** What is contested in law is a setting: both readings in words, and which one the authority has chosen. */
export function Readings({ authority, name }: { authority: string; name: string }) {
  const { t } = useLanguage();
  const answer = useSettings(authority);
  const contested = (answer.data?.settings ?? []).filter((one) => one.readings.length > 1);
  return (
    <section className="panel" aria-label={t('planPage.settings')}>
      <header><h2>{t('planPage.settings')}</h2></header>
      <div className="panel-body stack">
        <p className="quiet small-text">{t('planPage.settingsNote', { name })} {answer.data && !answer.data.may_change && t('planPage.whoMay')}</p>
        {answer.isError && <Fault error={answer.error} onRetry={() => void answer.refetch()} />}
        {contested.map((one) => <Contested key={one.key} setting={one} authority={authority} may={answer.data?.may_change ?? false} />)}
      </div>
    </section>
  );
}

function Contested({ setting, authority, may }: { setting: Setting; authority: string; may: boolean }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const change = useChangeSetting(authority);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const [decision, setDecision] = useState('');
  const [fault, setFault] = useState('');
  const value = chosen ?? setting.value;
  const save = async () => {
    if (!decision.trim()) return setFault(t('planPage.decisionMissing'));
    try {
      await change.mutateAsync({ key: setting.key, value, decision: decision.trim() });
      setChosen(null);
      setDecision('');
      setFault('');
      say(t('planPage.saved'));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <fieldset className="plain stack tight reading" data-setting={setting.key}>
      <legend>{words(setting.what)} <span className="quiet">{setting.rule}</span></legend>
      {setting.readings.map((one) => (
        <label className="check" key={one.value}>
          <input type="radio" className="ds-input" name={id} disabled={!may && one.value !== setting.value} checked={value === one.value} onChange={() => setChosen(one.value)} />
          <span>{words(one.words)}{one.value === setting.value && <small>{t('planPage.chosen')}</small>}</span>
        </label>
      ))}
      {setting.changed && <p className="quiet small-text">{t('planPage.changed', { date: formatDate(setting.changed.at, language, http.now()), decision: setting.changed.decision })}</p>}
      {may && value !== setting.value && (
        <form className="stack tight" onSubmit={(event) => { event.preventDefault(); void save(); }} noValidate>
          <label htmlFor={`${id}d`}>{t('planPage.decision')}</label>
          <span className="row">
            <input className="ds-input grow" id={`${id}d`} value={decision} aria-invalid={fault !== '' && !decision.trim()} onChange={(event) => setDecision(event.target.value)} />
            <Button small type="submit" disabled={change.isPending}>{t('planPage.choose')}</Button>
          </span>
        </form>
      )}
      {fault && <p className="problem small-text" role="alert">{fault}</p>}
    </fieldset>
  );
}
