import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrixValue } from '../../../shared/matrix/react';
import { roomName } from '../../../shared/matrix/rooms';
import { Icon } from '../../../shared/ui/Icon';
import type { PlanReport, PlanRow } from './api';
import { usePeriod, useRetention } from './PlanRows';

/** All that contradicts itself, at once, each with its table and row. */
export function Problems({ report }: { report: PlanReport }) {
  const { t, words } = useLanguage();
  return (
    <section className="stack tight" aria-label={t('infoPlan.problems', { count: report.problems.length })}>
      <div className="ds-alert" data-color="danger" role="alert" tabIndex={-1} data-report="">
        <p><b>{t('infoPlan.problems', { count: report.problems.length })}</b> {t('infoPlan.nothingKept')}</p>
      </div>
      <table className="tbl">
        <caption className="ds-sr-only">{t('infoPlan.problemsCaption')}</caption>
        <thead><tr><th scope="col">{t('infoPlan.table')}</th><th scope="col" className="r">{t('infoPlan.row')}</th><th scope="col">{t('infoPlan.wrong')}</th></tr></thead>
        <tbody>
          {report.problems.map((one) => (
            <tr key={`${one.table} ${one.row} ${one.code} ${one.other_row ?? ''}`}>
              <td>{t(`infoPlan.${one.table}`)}</td><td className="num r">{one.row}</td>
              <td>{words(one.text)}{one.other_row !== null && <small>{t('infoPlan.otherRow', { row: one.other_row })}</small>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What becomes another when the version takes effect, and which rooms and open items it concerns. */
export function Changes({ report }: { report: PlanReport }) {
  const { t, words } = useLanguage();
  const retention = useRetention();
  const period = usePeriod();
  const rooms = useMatrixValue((snapshot) => snapshot.rooms);
  const { changes } = report;
  const classes = changes.classes_added.length + changes.classes_removed.length + changes.classes_changed.length;
  const none = changes.added.length + changes.removed.length + changes.changed.length + classes === 0;
  const rows = (kind: 'added' | 'removed', all: PlanRow[]) => all.length > 0 && (
    <details>
      <summary>{t(`infoPlan.${kind}`, { count: all.length })}</summary>
      <ul className="plain-list stack tight">{all.map((row) => <li key={row.row} className="small-text"><span className="num">{row.process}</span> <b>{words(row.record_type)}</b>: {t(`infoPlan.where_${row.where}`)}. {retention(row)}</li>)}</ul>
    </details>
  );
  const coded: Record<string, string> = { where: 'infoPlan.where_', disposition: 'infoPlan.', trigger: 'infoPlan.trigger_' };
  const value = (name: string, one: unknown): string => {
    if (name === 'period' && typeof one === 'string') return period(one) ?? (one || '–');
    if (typeof one === 'string' && one && coded[name]) return t(`${coded[name]}${one}`, { defaultValue: one });
    if (Array.isArray(one)) return one.join(', ') || '–';
    if (one !== null && typeof one === 'object' && 'sv' in one) return words(one as { sv: string; en: string });
    return String(one ?? '') || '–';
  };
  return (
    <section className="stack tight" aria-label={t('infoPlan.changes')} tabIndex={-1} data-report="">
      <h3 className="card-title">{t('infoPlan.changes')}</h3>
      <p className="quiet small-text">{t('infoPlan.size', { classes: report.classes, rows: report.rows })}</p>
      {none && <p>{t('infoPlan.noChanges')}</p>}
      {rows('added', changes.added)}
      {rows('removed', changes.removed)}
      {changes.changed.length > 0 && (
        <details open>
          <summary>{t('infoPlan.changed', { count: changes.changed.length })}</summary>
          <ul className="plain-list stack tight">
            {changes.changed.map(({ row, fields }) => (
              <li key={row.row} className="small-text">
                <span className="num">{row.process}</span> <b>{words(row.record_type)}</b>
                {fields.map((field) => <span key={field.name} className="block">{t('infoPlan.field', { name: t(`infoPlan.name_${field.name}`, { defaultValue: field.name }), from: value(field.name, field.from), to: value(field.name, field.to) })}</span>)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {classes > 0 && (
        <details>
          <summary>{t('infoPlan.classesChanged', { count: classes })}</summary>
          <ul className="plain-list stack tight">
            {[...changes.classes_added, ...changes.classes_changed].map((one) => <li key={`+${one.code}`} className="small-text"><span className="num">{one.code}</span> {words(one.title)}</li>)}
            {changes.classes_removed.map((one) => <li key={`-${one.code}`} className="small-text"><span className="num">{one.code}</span> {words(one.title)} · {t('infoPlan.gone')}</li>)}
          </ul>
        </details>
      )}
      {report.rooms.length > 0 && (
        <p className="hint"><Icon name="InformationSquare" /><span>
          {t('infoPlan.concerns', { count: report.open_items, rooms: report.rooms.length })}{' '}
          {report.rooms.map((one) => { const room = rooms.get(one.room_id); return room ? roomName(room) : null; }).filter(Boolean).join(', ')}
        </span></p>
      )}
      <p className="hint"><Icon name="InformationSquare" /><span>{t('infoPlan.before')}</span></p>
    </section>
  );
}
