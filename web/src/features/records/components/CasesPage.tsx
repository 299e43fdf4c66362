import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useAuthorities } from '../../../shared/api/me';
import type { RegisteredRecord } from '../../../shared/api/types';
import { formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { Button } from '../../../shared/ui/Button';
import { Fault } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Link, navigate, paths } from '../../../shared/ui/router';
import { useSlow } from '../../../shared/ui/useSlow';
import { useAllCases } from '../api/cases';
import { rowKeys } from '../rows';

const wholeNumber = /^\s*\S+ \d{4}\/\d+-\d+\s*$/;

/** The cases one may see; a whole number goes straight to its record. */
export function CasesPage() {
  const { t, language } = useLanguage();
  const api = useApi();
  const authorities = useAuthorities();
  const id = useId();
  const table = useRef<HTMLTableElement>(null);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(true);
  const [missing, setMissing] = useState('');
  // Enter before the answer has come holds for the answer.
  const [entered, setEntered] = useState(false);
  const cases = useAllCases(wholeNumber.test(query) ? '' : query.trim(), open);
  const slow = useSlow(cases.isPending);
  const found = useMemo(() => cases.data?.pages.flatMap((page) => page.cases) ?? [], [cases.data]);
  const onKeyDown = useKeys(t('cases.title'), rowKeys(t, table));
  useEffect(() => { document.getElementById(id)?.focus(); }, [id]);
  useEffect(() => {
    if (!entered || cases.isPending) return;
    setEntered(false);
    const [first] = found;
    if (first && found.length === 1) navigate(paths.case(first.id));
    else table.current?.querySelector<HTMLElement>('tbody a')?.focus();
  }, [entered, cases.isPending, found]);

  const go = async (event: FormEvent) => {
    event.preventDefault();
    setMissing('');
    const number = query.trim();
    if (!wholeNumber.test(query)) return setEntered(true);
    const record = await api.get<RegisteredRecord>('records', { number }).catch(() => null);
    if (record?.case) navigate(`${paths.case(record.case.id)}#${String(record.id)}`);
    else setMissing(number);
  };
  return (
    <main className="main" id="main">
      <header className="topbar">
        <h1 className="page-title">{t('cases.title')}</h1>
        <form className="row grow cases-search" role="search" onSubmit={(event) => void go(event)}>
          <label className="ds-sr-only" htmlFor={id}>{t('cases.search')}</label>
          <input
            className="ds-input grow" id={id} type="search" value={query} placeholder={t('cases.search')} data-region-focus=""
            onChange={(event) => { setQuery(event.target.value); setMissing(''); setEntered(false); }}
          />
        </form>
        <Link href={paths.find} className="row request-link"><Icon name="MagnifyingGlass" />{t('search.tab')}</Link>
        <div className="seg" role="group" aria-label={t('cases.which')}>
          {[true, false].map((one) => (
            <button key={String(one)} type="button" aria-pressed={open === one} onClick={() => setOpen(one)}>{t(one ? 'cases.open' : 'cases.all')}</button>
          ))}
        </div>
      </header>
      <div className="work" data-region="stream" onKeyDown={onKeyDown} tabIndex={0} role="region" aria-label={t('cases.title')}>
        {cases.isError && <Fault error={cases.error} onRetry={() => void cases.refetch()} />}
        {slow && <p className="hint" role="status">{t('cases.fetching')}</p>}
        {missing && <p className="problem" role="alert">{t('cases.missing', { number: missing })}</p>}
        {cases.data && found.length === 0 && <p className="empty" role="status">{t(query ? 'cases.none' : 'cases.empty')}</p>}
        {found.length > 0 && (
          <table className="tbl" ref={table}>
            <caption className="ds-sr-only">{t('cases.title')}</caption>
            <thead><tr>{(['number', 'name', 'opened', 'records', 'state'] as const).map((one) => <th key={one} scope="col" className={one === 'records' ? 'r' : undefined}>{t(`cases.${one}`)}</th>)}</tr></thead>
            <tbody>
              {found.map((one) => (
                <tr key={one.id}>
                  <td className="num"><span className="org"><AuthorityMark mark={authorities.find((known) => known.code === one.authority)?.mark} />{one.number}</span></td>
                  <td><Link href={paths.case(one.id)}>{one.title}</Link></td>
                  <td className="num">{formatDay(one.opened_day, language)}</td>
                  <td className="num r">{one.records}</td>
                  <td>{one.closed_day ? t('cases.closed', { day: formatDay(one.closed_day, language) }) : t(`caseField.state_${one.state}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {cases.hasNextPage && <p><Button variant="secondary" small onClick={() => void cases.fetchNextPage()}>{t('cases.more')}</Button></p>}
      </div>
    </main>
  );
}
