import { useId, useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';
import type { ClassRow, PlanRow, PlanVersionWithRows } from './api';

/** *2 years*, as the table counts, in words; what is written otherwise is shown as it stands. */
export function usePeriod(): (text: string) => string | null {
  const { t } = useLanguage();
  return (text) => {
    const [, number, unit] = /^(\d+) (day|month|year)s?$/.exec(text) ?? [];
    return number && unit ? t(`infoPlan.${unit}`, { count: Number(number) }) : null;
  };
}

/** How long and under which decision: *Gallras, 2 år efter att ärendet avslutats, GB 2026-07*. */
export function useRetention() {
  const { t } = useLanguage();
  const period = usePeriod();
  const lasts = ({ period: text, trigger }: PlanRow) => {
    const counted = period(text);
    return counted ? t('infoPlan.after', { period: counted, trigger: t(`infoPlan.trigger_${trigger}`, { defaultValue: trigger }) }) : text;
  };
  return (row: PlanRow) => [t(`infoPlan.${row.disposition}`), lasts(row), row.decision].filter(Boolean).join(', ');
}

/** Every row of a version, by process; a word in the field above leaves those that have it. */
export function PlanRows({ version }: { version: PlanVersionWithRows }) {
  const { t, words } = useLanguage();
  const retention = useRetention();
  const id = useId();
  const [query, setQuery] = useState('');
  const classes = new Map(version.classification.map((one: ClassRow) => [one.code, words(one.title)]));
  const folded = query.trim().toLocaleLowerCase();
  const shown = version.plan.filter((row) => `${row.process} ${classes.get(row.process) ?? ''} ${words(row.record_type)} ${row.secrecy}`.toLocaleLowerCase().includes(folded));
  return (
    <section className="panel" aria-label={t('infoPlan.rows')}>
      <header>
        <h2>{t('infoPlan.rows')}</h2>
        <span className="row"><label className="quiet" htmlFor={`${id}q`}>{t('infoPlan.find')}</label><input className="ds-input" id={`${id}q`} type="search" value={query} onChange={(event) => setQuery(event.target.value)} /></span>
      </header>
      <div className="panel-body">
        <p className="quiet small-text" role="status">{t('infoPlan.shown', { count: shown.length, all: version.plan.length })}</p>
        <table className="tbl plan-rows">
          <caption className="ds-sr-only">{t('infoPlan.rows')}</caption>
          <thead><tr>{(['type', 'process', 'where', 'retention', 'secrecy'] as const).map((one) => <th key={one} scope="col">{t(`infoPlan.col_${one}`)}</th>)}</tr></thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.row}>
                <td><b>{words(row.record_type)}</b>{row.list && <small>{t('infoPlan.list')}</small>}{row.mandatory_fields.length > 0 && <small>{t('infoPlan.mandatory', { fields: row.mandatory_fields.map((field) => t(`field.${field}`, { defaultValue: field })).join(', ') })}</small>}</td>
                <td><span className="num">{row.process}</span> {classes.get(row.process)}</td>
                <td>{t(`infoPlan.where_${row.where}`)}</td>
                <td>{retention(row)}{row.remark && <small>{row.remark}</small>}</td>
                <td>{row.secrecy || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
