import { useEffect, useMemo, useState } from 'react';
import { authoritiesWithRole, useAuthorities, useMe } from '../../../shared/api/me';
import { useSettings } from '../../../shared/api/settings';
import type { Role } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { Button } from '../../../shared/ui/Button';
import { Fault } from '../../../shared/ui/Fault';
import { useSlow } from '../../../shared/ui/useSlow';
import '../../../styles/register.css';
import { ArchiveHead } from '../ArchiveHead';
import { type NumberSeries, useSeries } from './api';
import { SeriesSheet } from './SeriesSheet';
import { SettingLine } from './SettingLine';

const roles: Role[] = ['archivist', 'administrator', 'registrar'];

/** What an authority has set for itself: its series of numbers, what the web shows, its days, how it reads unsettled law. */
export function SettingsPage() {
  const { t, words } = useLanguage();
  const me = useMe();
  const authorities = useAuthorities();
  const codes = useMemo(() => [...new Set(roles.flatMap((role) => authoritiesWithRole(me, role)))].sort(), [me]);
  const [chosen, setChosen] = useState<string | null>(null);
  const code = chosen ?? (me?.authority && codes.includes(me.authority) ? me.authority : codes[0]) ?? '';
  const series = useSeries(code);
  const settings = useSettings(code);
  const slow = useSlow(series.isPending || settings.isPending);
  const [changing, setChanging] = useState(false);
  const may = series.data?.may_change ?? false;
  const ready = series.data !== undefined;
  useEffect(() => { if (ready) giveFocus('.work'); }, [ready]);
  const onKeyDown = useKeys(t('settings.title'), may ? [{ keys: ['E'], label: t('series.change'), run: () => setChanging(true) }] : []);
  return (
    <main className="main" id="main" onKeyDown={onKeyDown}>
      <ArchiveHead current="settings" title={t('settings.title')}>
        {codes.length > 1 && (
          <span className="row wrap" role="group" aria-label={t('imports.authority')}>
            {codes.map((one) => {
              const authority = authorities.find((known) => known.code === one);
              return <button key={one} type="button" className="pill" aria-pressed={code === one} onClick={() => setChosen(one)}><AuthorityMark mark={authority?.mark} />{words(authority?.name) || one}</button>;
            })}
          </span>
        )}
      </ArchiveHead>
      <div className="work" tabIndex={0} role="region" aria-label={t('settings.title')} data-region="work" data-region-focus="">
        {slow && <p className="quiet" role="status">{t('settings.fetching')}</p>}
        <section className="panel" aria-labelledby="series-title">
          <header><h2 id="series-title">{t('series.title')}</h2>{may && <Button variant="secondary" small icon="Pencil" keys={['E']} onClick={() => setChanging(true)}>{t('series.change')}</Button>}</header>
          <div className="panel-body stack">
            {series.isError && <Fault error={series.error} onRetry={() => void series.refetch()} />}
            {series.data && <SeriesTable series={series.data.series} />}
            {series.data && !may && <p className="quiet small-text">{t('planPage.whoMay')}</p>}
          </div>
        </section>
        <section className="panel" aria-labelledby="settings-title">
          <header><h2 id="settings-title">{t('settings.own')}</h2></header>
          <div className="panel-body">
            {settings.isError && <Fault error={settings.error} onRetry={() => void settings.refetch()} />}
            <p className="quiet small-text">{t('settings.note')}</p>
            <ul className="plain-list setting-lines">
              {settings.data?.settings.map((one) => <SettingLine key={`${code}${one.key}`} setting={one} authority={code} may={settings.data.may_change} />)}
            </ul>
          </div>
        </section>
      </div>
      {changing && series.data && <SeriesSheet authority={code} series={series.data.series} onClose={() => setChanging(false)} />}
    </main>
  );
}

/** Every series there is or was: a number always says in which it was given. */
function SeriesTable({ series }: { series: NumberSeries[] }) {
  const { t, words } = useLanguage();
  return (
    <table className="tbl series">
      <caption className="ds-sr-only">{t('series.title')}</caption>
      <thead><tr>{(['name', 'pattern', 'example', 'types', 'state'] as const).map((one) => <th key={one} scope="col">{t(`series.${one}`)}</th>)}</tr></thead>
      <tbody>
        {series.map((one) => (
          <tr key={one.n}>
            <td><b>{words(one.name)}</b></td>
            <td className="mono">{one.pattern}</td>
            <td className="num">{one.example.record}<small>{t('series.caseNumber', { number: one.example.case })}</small></td>
            <td>{one.record_types.join(', ') || t('series.allElse')}</td>
            <td><span className="chip">{t(one.retired ? 'series.retired' : one.has_given_numbers ? 'series.used' : 'series.unused')}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
