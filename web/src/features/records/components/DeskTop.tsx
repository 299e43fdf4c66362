import { useState } from 'react';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { Icon } from '../../../shared/ui/Icon';
import { Link, navigate, paths } from '../../../shared/ui/router';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { useChecks, useQueue, useRequests } from '../api/desk';
import { DayListSheet } from './DayListSheet';
import { ReservedSheet } from './ReservedSheet';

interface Props {
  active: 'assess' | 'check' | 'requests' | 'search';
  authorities: string[];
  progress: string;
}

/** The desk's two tabs, the requests, and the way to register what did not happen in Torg. */
export function DeskTop({ active, authorities, progress }: Props) {
  const { t } = useLanguage();
  const left = useQueue(authorities).data?.left;
  const checks = useChecks(authorities).data?.lines.length;
  const requests = useRequests(authorities).data?.length ?? 0;
  const [list, setList] = useState(false);
  const [reserved, setReserved] = useState(false);
  useGlobalKeys(t('desk.title'), [
    { keys: ['P'], label: t('keys.daylist'), run: () => setList(true) },
    { keys: ['Shift+N'], label: t('reserved.title'), run: () => setReserved(true) },
  ], '.main');
  const tabs = [['assess', paths.desk, t('desk.toAssess'), left], ['check', paths.check, t('desk.toCheck'), checks], ['search', paths.find, t('search.tab'), undefined]] as const;
  return (
    <header className="topbar desk-top">
      <h1 className="ds-sr-only">{active === 'requests' ? t('desk.requests') : tabs.find(([id]) => id === active)?.[2]}</h1>
      <nav className="tabs" aria-label={t('desk.title')}>
        {tabs.map(([id, href, text, count]) => (
          <Link key={id} href={href} aria-current={id === active ? 'page' : undefined}>{text}{count !== undefined && <small>{count}</small>}</Link>
        ))}
      </nav>
      <span className="quiet num" role="status">{progress}</span>
      <span className="grow" />
      <Link href={paths.requests} className="row request-link" aria-current={active === 'requests' ? 'page' : undefined}>
        <Icon name="InboxUp" />{t('desk.requests')}
        {requests > 0 && <span className="count" data-strong>{requests}<span className="ds-sr-only"> {t('desk.waiting')}</span></span>}
      </Link>
      <Button variant="tertiary" color="neutral" small icon="PrinterSmall" keys={['P']} onClick={() => setList(true)}>{t('daylist.open')}</Button>
      <Button variant="tertiary" color="neutral" small icon="Files" keys={['Shift', 'N']} onClick={() => setReserved(true)}>{t('reserved.open')}</Button>
      <Button variant="secondary" small icon="Plus" keys={['+']} onClick={() => navigate(paths.manual)}>{t('desk.new')}</Button>
      {list && <DayListSheet codes={authorities} onClose={() => setList(false)} />}
      {reserved && <ReservedSheet codes={authorities} onClose={() => setReserved(false)} />}
    </header>
  );
}
