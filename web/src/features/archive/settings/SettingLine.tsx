import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { type Setting, useChangeSetting } from '../../../shared/api/settings';
import { formatDate } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { useSay } from '../../../shared/ui/Status';

interface Props { setting: Setting; authority: string; may: boolean }

/** One thing the authority sets, what holds now and since which decision; changed in place by another decision. */
export function SettingLine({ setting, authority, may }: Props) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const shown = words(setting.readings.find((one) => one.value === setting.value)?.words) || setting.value;
  const close = () => {
    setOpen(false);
    setTimeout(() => button.current?.focus());
  };
  return (
    <li data-setting={setting.key}>
      <div className="row">
        <span className="grow"><b>{words(setting.what)}</b> <span className="quiet small-text">{setting.rule}</span>
          {!open && <span className="block">{shown}</span>}
          {setting.changed && <small className="quiet">{t('planPage.changed', { date: formatDate(setting.changed.at, language, http.now()), decision: setting.changed.decision })}</small>}</span>
        {may && !open && <Button ref={button} small variant="tertiary" aria-label={t('keys.change', { what: words(setting.what) })} onClick={() => setOpen(true)}>{t('settings.change')}</Button>}
      </div>
      {open && <SettingForm setting={setting} authority={authority} onDone={close} />}
    </li>
  );
}

function SettingForm({ setting, authority, onDone }: { setting: Setting; authority: string; onDone: () => void }) {
  const { t, words } = useLanguage();
  const change = useChangeSetting(authority);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState(setting.value);
  const [decision, setDecision] = useState('');
  const [fault, setFault] = useState('');
  useEffect(() => { (form.current?.querySelector<HTMLElement>('input:checked') ?? form.current?.querySelector('input'))?.focus(); }, []);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (value === setting.value) return onDone();
    if (!decision.trim()) return setFault(t('planPage.decisionMissing'));
    try {
      await change.mutateAsync({ key: setting.key, value, decision: decision.trim() });
      say(t('planPage.saved'));
      onDone();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onDone();
  };
  return (
    <form ref={form} className="stack tight setting-form" aria-label={t('keys.change', { what: words(setting.what) })} onSubmit={(event) => void save(event)} onKeyDown={escape} noValidate>
      {setting.readings.map((one) => (
        <label className="check" key={one.value}>
          <input type="radio" className="ds-input" name={id} checked={value === one.value} onChange={() => setValue(one.value)} /><span>{words(one.words)}{one.value === setting.value && <small>{t('planPage.chosen')}</small>}</span>
        </label>
      ))}
      {setting.readings.length === 0 && (
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}v`}>{setting.range ? t('settings.range', { least: setting.range.least, most: setting.range.most }) : words(setting.what)}</label>
          <input className="ds-input setting-value" id={`${id}v`} value={value} onChange={(event) => setValue(event.target.value)} />
        </div>
      )}
      <div className="ds-field">
        <label className="ds-label" htmlFor={`${id}d`}>{t('planPage.decision')}</label>
        <input className="ds-input" id={`${id}d`} value={decision} aria-invalid={fault !== '' && !decision.trim()} aria-describedby={`${id}p`} onChange={(event) => setDecision(event.target.value)} />
      </div>
      <p className="problem small-text" id={`${id}p`} role="alert">{fault}</p>
      <span className="row"><Button small type="submit" variant="secondary" keys={['↵']} disabled={change.isPending}>{t('planPage.choose')}</Button><Button small variant="tertiary" color="neutral" keys={['Esc']} onClick={onDone}>{t('cancel')}</Button></span>
    </form>
  );
}
