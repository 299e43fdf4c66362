import { useEffect, useMemo, useRef, useState } from 'react';
import { authoritiesWithRole, useAuthorities, useDirectory, useMe } from '../../../shared/api/me';
import type { Role } from '../../../shared/api/types';
import { formatDate, formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { Button } from '../../../shared/ui/Button';
import { Fault } from '../../../shared/ui/Fault';
import { useSlow } from '../../../shared/ui/useSlow';
import { ArchiveHead } from '../ArchiveHead';
import { type PlanVersion, useInformationPlan } from './api';
import { ImportPlan } from './ImportPlan';
import { KeptLists } from './KeptLists';
import { PlanRows } from './PlanRows';
import { withValidity } from './versions';
import { VersionSheet } from './VersionSheet';

const roles: Role[] = ['archivist', 'registrar', 'administrator'];

/** The classification and information plan of an authority: what is in force, its versions, and a new one. */
export function InformationPlanPage() {
  const { t, words } = useLanguage();
  const me = useMe();
  const authorities = useAuthorities();
  const codes = useMemo(() => [...new Set(roles.flatMap((role) => authoritiesWithRole(me, role)))].sort(), [me]);
  const [chosen, setChosen] = useState<string | null>(null);
  const code = chosen ?? (me?.authority && codes.includes(me.authority) ? me.authority : codes[0]) ?? '';
  const answer = useInformationPlan(code);
  const slow = useSlow(answer.isPending);
  const [importing, setImporting] = useState(false);
  const [looking, setLooking] = useState<number | null>(null);
  const may = answer.data?.may_import ?? false;
  const ready = answer.data !== undefined;
  useEffect(() => { if (ready) giveFocus('.work'); }, [ready]);
  const table = useRef<HTMLTableElement>(null);
  const step = (by: number) => {
    const stops = [...(table.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement as HTMLElement) + by))]?.focus();
  };
  const onKeyDown = useKeys(t('infoPlan.title'), [
    { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => step(1) },
    { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => step(-1) },
    ...(may ? [{ keys: ['+'], label: t('infoPlan.import'), run: () => setImporting(true) }] : []),
  ]);
  const version = answer.data?.version ?? null;
  return (
    <main className="main" id="main" onKeyDown={onKeyDown}>
      <ArchiveHead current="plan" title={t('infoPlan.title')}>
        {codes.length > 1 && (
          <span className="row wrap" role="group" aria-label={t('infoPlan.authority')}>
            {codes.map((one) => {
              const authority = authorities.find((known) => known.code === one);
              return <button key={one} type="button" className="pill" aria-pressed={code === one} onClick={() => setChosen(one)}><AuthorityMark mark={authority?.mark} />{words(authority?.name) || one}</button>;
            })}
          </span>
        )}
        {may && <Button variant="secondary" small icon="FileImport" keys={['+']} onClick={() => setImporting(true)}>{t('infoPlan.import')}</Button>}
      </ArchiveHead>
      <div className="work" tabIndex={0} role="region" aria-label={t('infoPlan.title')} data-region="work" data-region-focus="">
        {answer.isError && <Fault error={answer.error} onRetry={() => void answer.refetch()} />}
        {slow && <p className="quiet" role="status">{t('infoPlan.fetching')}</p>}
        {answer.data && !version && <p className="empty">{t(may ? 'infoPlan.noneImport' : 'infoPlan.none')}</p>}
        {answer.data && answer.data.versions.length > 0 && <Versions versions={answer.data.versions} table={table} onLook={setLooking} />}
        {version && <PlanRows key={version.id} version={version} />}
        {answer.data && <KeptLists authority={code} />}
      </div>
      {importing && <ImportPlan authority={code} onClose={(kept) => { setImporting(false); if (kept !== null) setLooking(kept); }} />}
      {looking !== null && <VersionSheet authority={code} id={looking} mayAdopt={answer.data?.may_adopt ?? false} onClose={() => { setLooking(null); giveFocus('.work'); }} />}
    </main>
  );
}

interface VersionsProps { versions: PlanVersion[]; table: React.RefObject<HTMLTableElement | null>; onLook: (id: number) => void }

/** All versions with the days they hold, who brought them in, and the decision each rests on. */
function Versions({ versions, table, onLook }: VersionsProps) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const directory = useDirectory();
  const name = (user: string | null) => directory.get(user ?? '')?.name ?? user ?? '';
  const date = (at: number) => formatDate(at, language, http.now());
  return (
    <section className="panel" aria-labelledby="plan-versions">
      <header><h2 id="plan-versions">{t('infoPlan.versions')}</h2></header>
      <div className="panel-body">
        <table className="tbl" ref={table}>
          <caption className="ds-sr-only">{t('infoPlan.versions')}</caption>
          <thead><tr>{(['holds', 'state', 'basis', 'rows'] as const).map((one) => <th key={one} scope="col">{t(`infoPlan.ver_${one}`)}</th>)}</tr></thead>
          <tbody>
            {withValidity(versions).map((one) => (
              <tr key={one.id}>
                <td>
                  <button type="button" className="ds-link row-link" data-color="neutral" onClick={() => onLook(one.id)}>
                    {one.valid_to ? t('infoPlan.fromTo', { from: formatDay(one.valid_from, language), to: formatDay(one.valid_to, language) }) : t('infoPlan.fromDay', { from: formatDay(one.valid_from, language) })}
                  </button>
                </td>
                <td><span className="chip" data-strong={one.state === 'in_force' ? '' : undefined}>{t(`infoPlan.${one.state}`)}</span></td>
                <td>
                  {one.decision || '–'}
                  <small>{t('infoPlan.importedBy', { name: name(one.imported_by), date: date(one.imported_at) })}</small>
                  {one.adopted_at !== null && <small>{t('infoPlan.adoptedBy', { name: name(one.adopted_by), date: date(one.adopted_at) })}</small>}
                </td>
                <td className="num">{t('infoPlan.rowCount', { count: one.rows })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
