import { useMemo, useState } from 'react';
import { formatCount } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import type { ImportLine, ImportReport } from './api';

const page = 200;
const states: ImportLine['state'][] = ['refused', 'new', 'there'];

/** Each line by its number in the file; first those that must be put right. */
export function ImportLines({ report }: { report: ImportReport }) {
  const { t, words, language } = useLanguage();
  const [shown, setShown] = useState<ImportLine['state'] | null>(report.refused > 0 ? 'refused' : null);
  const [most, setMost] = useState(page);
  const lines = useMemo(() => report.lines.filter((one) => shown === null || one.state === shown), [report, shown]);
  const pick = (state: ImportLine['state'] | null) => { setShown(state); setMost(page); };
  if (report.lines.length === 0) return null;
  return (
    <>
      <div className="row wrap" role="group" aria-label={t('imports.which')}>
        <button type="button" className="pill" aria-pressed={shown === null} onClick={() => pick(null)}>{t('desk.all')} <span className="num">{formatCount(report.lines.length, language)}</span></button>
        {states.filter((state) => report[state] > 0).map((state) => (
          <button key={state} type="button" className="pill" aria-pressed={shown === state} onClick={() => pick(state)}>{t(`imports.${state}`)} <span className="num">{formatCount(report[state], language)}</span></button>
        ))}
      </div>
      <table className="tbl import-lines">
        <caption className="ds-sr-only">{t('imports.caption')}</caption>
        <thead><tr><th scope="col" className="r">{t('imports.line')}</th><th scope="col">{t('imports.number')}</th><th scope="col">{t('imports.outcome')}</th></tr></thead>
        <tbody>
          {lines.slice(0, most).map((one) => (
            <tr key={one.line} data-state={one.state}>
              <td className="num r">{one.line}</td>
              <td className="num">{one.number || '–'}</td>
              <td>{one.problems.length > 0 ? <ul className="plain-list">{one.problems.map((problem) => <li key={problem.sv}>{words(problem)}</li>)}</ul> : t(report.written && one.state === 'new' ? 'imports.lineWritten' : `imports.line_${one.state}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > most && <p><Button variant="secondary" small onClick={() => setMost(most + page)}>{t('imports.more', { left: formatCount(lines.length - most, language) })}</Button></p>}
    </>
  );
}
