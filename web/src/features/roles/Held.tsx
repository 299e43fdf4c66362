import { useState } from 'react';
import { dayOf, formatDay } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { Button } from '../../shared/ui/Button';
import type { Assignment, Delegation, People, RoleTable } from './api';

interface Props<One> { people: People; table: RoleTable; onEnd: (one: One) => void }

/** Ending takes two presses: what was given works at once, and so does its end. */
function EndButton({ name, onEnd }: { name: string; onEnd: () => void }) {
  const { t } = useLanguage();
  const [sure, setSure] = useState(false);
  return (
    <Button small variant={sure ? 'secondary' : 'tertiary'} color={sure ? 'danger' : undefined} onBlur={() => setSure(false)} onClick={() => { if (sure) onEnd(); else setSure(true); }}>
      {sure ? t('roles.endSure', { name }) : t('roles.end')}
    </Button>
  );
}

export function Assignments({ people, table, onEnd }: Props<Assignment>) {
  const { t, language, words } = useLanguage();
  const nameOf = (role: string) => words(table.roles.find((one) => one.role === role)?.words) || role;
  return (
    <section className="panel" aria-labelledby="assignments">
      <header><h2 id="assignments">{t('roles.assignments')}</h2></header>
      <div className="panel-body">
        <table className="tbl">
          <caption className="ds-sr-only">{t('roles.assignments')}</caption>
          <thead><tr><th scope="col">{t('roles.person')}</th><th scope="col">{t('roles.role')}</th><th scope="col">{t('roles.days')}</th>{people.may_assign && <th scope="col"><span className="ds-sr-only">{t('roles.end')}</span></th>}</tr></thead>
          <tbody>
            {people.assignments.map((one) => (
              <tr key={`${one.user_id} ${one.role} ${one.from}`}>
                <td>{one.name}<small>{one.unit}</small></td>
                <td>{nameOf(one.role)}</td>
                <td className="num">{one.to ? t('roles.fromTo', { from: formatDay(one.from, language), to: formatDay(one.to, language) }) : t('roles.since', { from: formatDay(one.from, language) })}</td>
                {people.may_assign && <td className="r"><EndButton name={one.name} onEnd={() => onEnd(one)} /></td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Delegations({ people, table, onEnd }: Props<Delegation>) {
  const { t, language, words } = useLanguage();
  const whatOf = (one: Delegation) => (one.act
    ? words(table.acts.find((row) => row.act === one.act)?.words) || one.act
    : t('roles.asRole', { role: words(table.roles.find((row) => row.role === one.role)?.words) }));
  const { http } = useMatrix();
  const running = (one: Delegation) => one.ended_at === null && one.to >= dayOf(http.now());
  return (
    <section className="panel" aria-labelledby="delegations">
      <header><h2 id="delegations">{t('roles.delegations')}</h2></header>
      <div className="panel-body">
        {people.delegations.length === 0 && <p className="quiet">{t('roles.noDelegations')}</p>}
        {people.delegations.length > 0 && (
          <table className="tbl">
            <caption className="ds-sr-only">{t('roles.delegations')}</caption>
            <thead><tr><th scope="col">{t('roles.person')}</th><th scope="col">{t('roles.mayDo')}</th><th scope="col">{t('roles.days')}</th>{people.may_delegate && <th scope="col"><span className="ds-sr-only">{t('roles.end')}</span></th>}</tr></thead>
            <tbody>
              {people.delegations.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td>{whatOf(one)}<small>{one.decision}</small></td>
                  <td className="num">{t('roles.fromTo', { from: formatDay(one.from, language), to: formatDay(one.to, language) })}{!one.in_force && <small>{one.ended_at === null ? t('roles.notInForce') : t('roles.endedEarly')}</small>}</td>
                  {people.may_delegate && <td className="r">{running(one) && <EndButton name={one.name} onEnd={() => onEnd(one)} />}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}
