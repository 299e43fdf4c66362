import { type FormEvent, useId, useState } from 'react';
import type { Words } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { Button, IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { type NumberSeries, seriesProblems, useSetSeries } from './api';

interface Row { key: number; known: NumberSeries | null; sv: string; en: string; pattern: string; types: string }

const rowOf = (one: NumberSeries): Row => ({ key: one.n, known: one, sv: one.name.sv, en: one.name.en, pattern: one.pattern, types: one.record_types.join(', ') });

/** The series from now on. What is left out is retired; its cases go on as they began. */
export function SeriesSheet({ authority, series, onClose }: { authority: string; series: NumberSeries[]; onClose: () => void }) {
  const { t, words } = useLanguage();
  const set = useSetSeries(authority);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [rows, setRows] = useState<Row[]>(series.filter((one) => !one.retired).map(rowOf));
  const [decision, setDecision] = useState('');
  const [problems, setProblems] = useState<ReadonlyMap<number, Words[]>>(new Map());
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (at: number, part: Partial<Row>) => setRows(rows.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const add = () => {
    const key = -1 - rows.length;
    setRows([...rows, { key, known: null, sv: '', en: '', pattern: '{code}-2 {year}/{case}-{doc}', types: '' }]);
    setTimeout(() => giveFocus(`[data-series="${key}"] input`));
  };
  const save = async () => {
    if (!decision.trim()) return setFault(t('series.decisionMissing'));
    setBusy(true);
    setFault('');
    setProblems(new Map());
    try {
      await set(decision.trim(), rows.map((one) => ({
        ...(one.known ? { n: one.known.n } : {}), name: { sv: one.sv.trim(), en: one.en.trim() || one.sv.trim() }, pattern: one.pattern.trim(),
        record_types: one.types.split(',').map((type) => type.trim()).filter(Boolean),
      })));
      say(t('series.saved'));
      onClose();
    } catch (error) {
      const found = seriesProblems(error);
      setProblems(found);
      setFault(found.size > 0 ? t('series.refused') : faultText(error));
      setBusy(false);
    }
  };
  const onKeyDown = useKeys(t('series.change'), [{ keys: ['Ctrl+Enter'], label: t('series.save'), run: () => void save(), inText: true }]);
  return (
    <Sheet className="correct series-sheet" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <form onSubmit={(event: FormEvent) => { event.preventDefault(); void save(); }} noValidate>
        <div className="lift-head"><h2 id={id} className="grow">{t('series.change')}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
        <div className="lift-right stack">
          <p className="small-text quiet">{t('series.note')}</p>
          {rows.map((row, at) => (
            <fieldset key={row.key} data-series={row.key} className="plain series-row">
              <legend className="row"><span className="grow">{row.sv || t('series.new')}</span>
                <IconButton label={t('series.retire', { name: row.sv || t('series.new') })} icon="XMark" disabled={rows.length === 1} onClick={() => setRows(rows.filter((_, index) => index !== at))} /></legend>
              <Field id={`${id}${row.key}s`} label={t('series.nameSv')} value={row.sv} first={at === 0} onChange={(sv) => change(at, { sv })} />
              <Field id={`${id}${row.key}e`} label={t('series.nameEn')} value={row.en} onChange={(en) => change(at, { en })} />
              <Field id={`${id}${row.key}p`} label={t('series.pattern')} value={row.pattern} mono wrong={problems.has(at)} onChange={(pattern) => change(at, { pattern })} />
              <Field id={`${id}${row.key}t`} label={t('series.typesWritten')} value={row.types} onChange={(types) => change(at, { types })} />
              {row.known?.has_given_numbers && <p className="small-text quiet wide">{t('series.widthsOnly')}</p>}
              {problems.get(at)?.map((why) => <p className="problem small-text wide" key={why.sv}>{words(why)}</p>)}
            </fieldset>
          ))}
          <p><Button small variant="secondary" icon="Plus" onClick={add}>{t('series.add')}</Button></p>
          <div className="ds-field">
            <label className="ds-label" htmlFor={`${id}d`}>{t('series.decision')}</label>
            <input className="ds-input" id={`${id}d`} value={decision} placeholder="KS 2026-11 § 8" aria-invalid={fault !== '' && !decision.trim()} aria-describedby={`${id}f`} onChange={(event) => setDecision(event.target.value)} />
          </div>
          <p className="problem small-text" id={`${id}f`} role="alert">{fault}</p>
        </div>
        <div className="lift-foot">
          <p>{t('series.leftOut')}</p>
          <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" keys={['Ctrl', '↵']} disabled={busy}>{t('series.save')}</Button>
        </div>
      </form>
    </Sheet>
  );
}

interface FieldProps { id: string; label: string; value: string; first?: boolean; mono?: boolean; wrong?: boolean; onChange: (value: string) => void }

function Field({ id, label, value, first, mono, wrong, onChange }: FieldProps) {
  return (
    <div className="ds-field">
      <label className="ds-label" htmlFor={id}>{label}</label>
      <input className={`ds-input ${mono ? 'mono' : ''}`} id={id} value={value} aria-invalid={wrong} data-first={first ? '' : undefined} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
