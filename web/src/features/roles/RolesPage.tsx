import { useState } from 'react';
import { useAuthorities, useMe } from '../../shared/api/me';
import { useLanguage } from '../../shared/i18n/i18n';
import { ApiError } from '../../shared/matrix/types';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { NoticeBar } from '../../shared/ui/NoticeBar';
import { useSay } from '../../shared/ui/Status';
import { type RoleTable, usePeople, useRoleActs, useRoleTable } from './api';
import { Assignments, Delegations } from './Held';
import { GiveRole, NewDelegationForm } from './Give';

/** Who may do what for an authority: roles, delegations, and the table that both rest on. */
export function RolesPage() {
  const { t, words } = useLanguage();
  const me = useMe();
  const authorities = useAuthorities();
  const codes = (me?.may ?? []).filter((one) => one.acts.includes('see_roles')).map((one) => one.authority);
  const [chosen, setChosen] = useState('');
  const code = chosen || (me?.authority ?? codes[0] ?? '');
  const people = usePeople(code);
  const table = useRoleTable();
  const operations = useRoleActs(code);
  const say = useSay();
  const faultText = useFaultText();
  const [fault, setFault] = useState('');

  const attempt = async (act: () => Promise<void>, done: string): Promise<boolean> => {
    setFault('');
    try {
      await act();
      say(done);
      return true;
    } catch (error) {
      setFault(error instanceof ApiError && error.code === 'ORG.TORG.RULE_REFUSES' ? t('roles.refused') : faultText(error));
      return false;
    }
  };
  const shown = people.data;
  return (
    <main className="main" id="main">
      <NoticeBar />
      <header className="topbar archive-top">
        <h1 className="page-title">{t('roles.title')}</h1>
        <span className="grow" />
        {codes.length > 1 && (
          <label className="row">
            <span>{t('roles.authority')}</span>
            <select className="ds-input" value={code} onChange={(event) => setChosen(event.target.value)}>
              {codes.map((one) => <option key={one} value={one}>{words(authorities.find((other) => other.code === one)?.name) || one}</option>)}
            </select>
          </label>
        )}
      </header>
      <div className="work" tabIndex={0} role="region" aria-label={t('roles.title')} data-region="work" data-region-focus="">
        <p className="hint"><span>{t('roles.what')}</span></p>
        {(people.isError || table.isError) && <Fault error={people.error ?? table.error} onRetry={() => { void people.refetch(); void table.refetch(); }} />}
        {fault && <p className="problem" role="alert">{fault}</p>}
        {shown && table.data && (
          <>
            <Assignments people={shown} table={table.data} onEnd={(one) => void attempt(() => operations.endAssignment(one), t('roles.ended'))} />
            {shown.may_assign && <GiveRole table={table.data} onGive={(wanted) => attempt(() => operations.assign(wanted), t('roles.given'))} />}
            <Delegations people={shown} table={table.data} onEnd={(one) => void attempt(() => operations.endDelegation(one), t('roles.delegationEnded'))} />
            {shown.may_delegate && <NewDelegationForm table={table.data} onGive={(wanted) => attempt(() => operations.delegate(wanted), t('roles.delegated'))} />}
            <Table table={table.data} />
          </>
        )}
      </div>
    </main>
  );
}

/** The table itself, act by act. */
function Table({ table }: { table: RoleTable }) {
  const { t, words } = useLanguage();
  const roleNames = (act: string) => table.roles.filter((one) => one.acts.includes(act)).map((one) => words(one.words)).join(', ');
  return (
    <details className="panel">
      <summary>{t('roles.table')}</summary>
      <div className="panel-body">
        <table className="tbl">
          <caption className="ds-sr-only">{t('roles.table')}</caption>
          <thead><tr><th scope="col">{t('roles.act')}</th><th scope="col">{t('roles.whoMay')}</th></tr></thead>
          <tbody>
            {table.acts.map((one) => (
              <tr key={one.act}>
                <th scope="row">{words(one.words)}{!one.may_be_delegated && <small>{t('roles.notDelegable')}</small>}</th>
                <td>{roleNames(one.act)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
