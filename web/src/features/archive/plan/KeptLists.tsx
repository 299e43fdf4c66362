import { formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeptLists } from './api';
import { useRetention } from './PlanRows';

/** The lists that the server keeps continuously: records from their first row (R14), each under its row of the plan. */
export function KeptLists({ authority }: { authority: string }) {
  const { t, language, words } = useLanguage();
  const retention = useRetention();
  const lists = useKeptLists(authority).data ?? [];
  if (lists.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="kept-lists">
      <header><h2 id="kept-lists">{t('infoPlan.lists')}</h2></header>
      <div className="panel-body">
        <p className="quiet small-text">{t('infoPlan.listsNote')}</p>
        <ul className="stops plain-list">
          {lists.map((one) => (
            <li key={one.name}>
              <span>{words(one.what)}<small>{t('infoPlan.fromDay', { from: formatDay(one.since, language) })}</small></span>
              <span className={one.plan ? '' : 'quiet'}>{one.plan ? retention(one.plan) : t('infoPlan.noRow')}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
