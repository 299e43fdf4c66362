import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useAuthorities } from '../../../shared/api/me';
import type { Reservation } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { Button, IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { openForPaper } from '../daybook';
import { intentKey } from '../draft';

const most = 100;

/** Numbers for days on which nothing answers: keep some and print them; say afterwards which nobody used. */
export function ReservedSheet({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t, language, words } = useLanguage();
  const api = useApi();
  const queries = useQueryClient();
  const authorities = useAuthorities();
  const faultText = useFaultText();
  const say = useSay();
  const id = useId();
  const [code, setCode] = useState(codes[0] ?? '');
  const [count, setCount] = useState(20);
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(intentKey);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [fault, setFault] = useState('');
  const { data } = useQuery({
    queryKey: ['reserved', code],
    queryFn: () => api.get<{ reservations: Reservation[] }>('reservations', { authority: code, state: 'open' }),
    enabled: code !== '',
  });
  const open = data?.reservations ?? [];
  const attempt = async (act: () => Promise<void>) => {
    setFault('');
    try {
      await act();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const print = (reservation: number) => attempt(async () => {
    if (!(await openForPaper(api, `reservations/${reservation}/sheet?lang=${language}`))) setFault(t('done.popup'));
  });
  const reserve = () => attempt(async () => {
    const made = await api.post<Reservation>('reservations', { key, authority: code, count, reason });
    setKey(intentKey());
    say(t('reserved.kept', { first: made.numbers[0]?.number ?? '', count: made.numbers.length }));
    await queries.invalidateQueries({ queryKey: ['reserved', code] });
  });
  const makeVoid = () => attempt(async () => {
    await api.post('reservations/void', { authority: code, numbers: [...chosen], reason });
    say(t('reserved.voided', { count: chosen.size }));
    setChosen(new Set());
    await queries.invalidateQueries({ queryKey: ['reserved', code] });
  });
  const toggle = (number: string) => setChosen((before) => {
    const after = new Set(before);
    if (!after.delete(number)) after.add(number);
    return after;
  });
  const voids = chosen.size > 0;
  const act = () => void (voids ? makeVoid() : reserve());
  const onKeyDown = useKeys(t('reserved.title'), [{ keys: ['Ctrl+Enter'], label: voids ? t('reserved.makeVoid') : t('reserved.reserve'), run: act, inText: true }]);
  return (
    <Sheet className="account" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="lift-head"><h2 id={id} className="grow">{t('reserved.title')}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="lift-right">
        <p className="quiet small-text">{t('reserved.how')}</p>
        <fieldset className="plain stack tight">
          <legend>{t('daylist.board')}</legend>
          {codes.map((one) => (
            <label className="row" key={one}>
              <input type="radio" className="ds-input" name={`${id}b`} checked={code === one} onChange={() => { setCode(one); setChosen(new Set()); }} />
              {words(authorities.find((known) => known.code === one)?.name) || one}
            </label>
          ))}
        </fieldset>
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}n`}>{t('reserved.count')}</label>
          <input className="ds-input" id={`${id}n`} type="number" min={1} max={most} value={count} disabled={voids} onChange={(event) => setCount(Number(event.target.value))} />
        </div>
        <div className="ds-field">
          <label className="ds-label" htmlFor={`${id}r`}>{t('reserved.reason')}</label>
          <input className="ds-input" id={`${id}r`} value={reason} onChange={(event) => setReason(event.target.value)} />
        </div>
        {open.map((one) => (
          <fieldset className="plain stack tight" key={one.id}>
            <legend className="row between">
              <span>{one.reason || t('reserved.unused')}</span>
              <Button variant="tertiary" color="neutral" small icon="PrinterSmall" onClick={() => void print(one.id)}>{t('daylist.print')}</Button>
            </legend>
            {one.numbers.map(({ number }) => (
              <label className="row num" key={number}><input type="checkbox" className="ds-input" checked={chosen.has(number)} onChange={() => toggle(number)} />{number}</label>
            ))}
          </fieldset>
        ))}
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
      </div>
      <div className="lift-foot">
        <span className="grow" />
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('close')}</Button>
        <Button keys={['Ctrl', '↵']} disabled={voids ? !reason.trim() : count < 1 || count > most} onClick={act}>{voids ? t('reserved.makeVoid') : t('reserved.reserve')}</Button>
      </div>
    </Sheet>
  );
}
