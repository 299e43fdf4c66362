import { useId, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useAuthorities } from '../../../shared/api/me';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Sheet } from '../../../shared/ui/Sheet';
import { openForPaper } from '../daybook';

/** The day's list on paper: which board, which day, and whether names may stand on it. */
export function DayListSheet({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const api = useApi();
  const authorities = useAuthorities();
  const faultText = useFaultText();
  const id = useId();
  const [code, setCode] = useState(codes[0] ?? '');
  const [day, setDay] = useState(() => dayOf(http.now()));
  const [view, setView] = useState<'names' | 'public'>('names');
  const [fault, setFault] = useState('');
  const print = async () => {
    setFault('');
    try {
      const query = new URLSearchParams({ authority: code, day, view, lang: language });
      if (await openForPaper(api, `daylist?${query.toString()}`)) onClose();
      else setFault(t('done.popup'));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const onKeyDown = useKeys(t('daylist.title'), [{ keys: ['Ctrl+Enter'], label: t('daylist.print'), run: () => void print(), inText: true }]);
  return (
    <Sheet className="account" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="lift-head"><h2 id={id} className="grow">{t('daylist.title')}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="lift-right">
        <fieldset className="plain stack tight">
          <legend>{t('daylist.board')}</legend>
          {codes.map((one, index) => (
            <label className="row" key={one}>
              <input type="radio" className="ds-input" name={`${id}b`} checked={code === one} data-first={index === 0 ? '' : undefined} onChange={() => setCode(one)} />
              {words(authorities.find((known) => known.code === one)?.name) || one}
            </label>
          ))}
        </fieldset>
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}d`}>{t('daylist.day')}</label>
          <input className="ds-input" id={`${id}d`} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        </div>
        <fieldset className="plain stack tight">
          <legend>{t('daylist.who')}</legend>
          {(['names', 'public'] as const).map((one) => (
            <label className="row" key={one}><input type="radio" className="ds-input" name={`${id}v`} checked={view === one} onChange={() => setView(one)} />{t(`daylist.${one}`)}</label>
          ))}
        </fieldset>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
      </div>
      <div className="lift-foot">
        <span className="grow" />
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button icon="PrinterSmall" keys={['Ctrl', '↵']} disabled={!day} onClick={() => void print()}>{t('daylist.print')}</Button>
      </div>
    </Sheet>
  );
}
