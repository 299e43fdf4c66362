import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button, IconButton } from '../../../shared/ui/Button';
import { useFaultText } from '../../../shared/ui/Fault';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { type PlanReport, usePlanOperations } from './api';
import { Changes, Problems } from './PlanReportShown';
import { isWorkbook, tableText } from './versions';

type Table = 'classification' | 'plan';
const tables: Table[] = ['classification', 'plan'];

/** A new version from tables: looked through as a whole, shown with what it changes, and kept until it is adopted. */
export function ImportPlan({ authority, onClose }: { authority: string; onClose: (kept: number | null) => void }) {
  const { t } = useLanguage();
  const { http } = useMatrix();
  const operations = usePlanOperations(authority);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const texts = useRef<Partial<Record<Table, Promise<string>>>>({});
  const [day, setDay] = useState(dayOf(http.now()));
  const [report, setReport] = useState<PlanReport | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const good = report !== null && report.problems.length === 0;

  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setFault('');
    try {
      await act();
    } catch (error) {
      setFault(faultText(error));
    }
    setBusy(false);
  };
  // A file may still be read when one goes on: going on waits for it.
  const choose = (table: Table, file: File | undefined) => {
    if (!file) return;
    const text = isWorkbook(file) ? operations.readWorkbook(file) : file.arrayBuffer().then(tableText);
    text.catch((error: unknown) => setFault(faultText(error)));
    texts.current[table] = text;
    setReport(null);
    setFault('');
  };
  const next = () => {
    const { classification, plan } = texts.current;
    if (!classification && !plan) return setFault(t('infoPlan.noTable'));
    void attempt(async () => {
      const given = { classification: await classification, plan: await plan, valid_from: day };
      if (!good) return setReport(await operations.check(given));
      const answer = await operations.bringIn(given);
      if (!answer.version) return setReport(answer);
      say(t('infoPlan.kept'));
      onClose(answer.version.id);
    });
  };
  // What was found is where one reads on.
  useEffect(() => { if (report) body.current?.querySelector<HTMLElement>('[data-report]')?.focus(); }, [report]);
  const onKeyDown = useKeys(t('infoPlan.import'), [{ keys: ['Ctrl+Enter'], label: t('infoPlan.next'), run: next, inText: true }]);
  return (
    <Sheet className="correct" labelledBy={id} onClose={() => onClose(null)} onKeyDown={onKeyDown}>
      <form onSubmit={(event: FormEvent) => { event.preventDefault(); next(); }} noValidate>
        <div className="lift-head"><h2 id={id} className="grow">{t('infoPlan.import')}</h2><IconButton label={t('close')} icon="XMark" onClick={() => onClose(null)} /></div>
        <div className="lift-right stack" ref={body}>
          <p className="quiet small-text">{t('infoPlan.importNote')}</p>
          {tables.map((table, index) => (
            <div className="ds-field" key={table}>
              <label className="ds-label" htmlFor={`${id}${table}`}>{t(`infoPlan.${table}`)} <span className="quiet">{t('infoPlan.csv')}</span></label>
              <input className="ds-input" id={`${id}${table}`} type="file" accept=".csv,.xlsx,text/csv" data-first={index === 0 ? '' : undefined} onChange={(event) => choose(table, event.target.files?.[0])} />
            </div>
          ))}
          <div className="ds-field">
            <label className="ds-label" htmlFor={`${id}d`}>{t('infoPlan.from')}</label>
            <input className="ds-input plan-day" id={`${id}d`} type="date" value={day} onChange={(event) => { setDay(event.target.value); setReport(null); }} />
          </div>
          {fault && <p className="problem small-text" role="alert">{fault}</p>}
          {report && report.problems.length > 0 && <Problems report={report} />}
          {good && <Changes report={report} />}
        </div>
        <div className="lift-foot">
          <p>{t(good ? 'infoPlan.waits' : 'infoPlan.looked')}</p>
          <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={() => onClose(null)}>{t('cancel')}</Button>
          <Button type="submit" keys={['Ctrl', '↵']} disabled={busy}>{t(good ? 'infoPlan.keep' : 'infoPlan.check')}</Button>
        </div>
      </form>
    </Sheet>
  );
}
