import type { ReactNode } from 'react';
import { authoritiesWithRole, useMe } from '../../shared/api/me';
import { useLanguage } from '../../shared/i18n/i18n';
import { Link, paths } from '../../shared/ui/router';

interface Props {
  current: 'weeding' | 'disposal' | 'plan' | 'imports' | 'settings';
  title: string;
  children?: ReactNode;
}

/** Weeding and disposal never share a page: the one has no decision, the other needs two persons. */
export function ArchiveHead({ current, title, children }: Props) {
  const { t } = useLanguage();
  const me = useMe();
  const archivist = authoritiesWithRole(me, 'archivist').length > 0;
  const mayImport = archivist || authoritiesWithRole(me, 'registrar').length > 0;
  return (
    <header className="topbar archive-top">
      <div>
        <nav className="tabs" aria-label={t('archive.parts')}>
          {archivist && <Link href={paths.weed} aria-current={current === 'weeding' ? 'page' : undefined}>{t('archive.weeding')}</Link>}
          {archivist && <Link href={paths.disposal} aria-current={current === 'disposal' ? 'page' : undefined}>{t('archive.disposal')}</Link>}
          <Link href={paths.informationPlan} aria-current={current === 'plan' ? 'page' : undefined}>{t('archive.plan')}</Link>
          {mayImport && <Link href={paths.imports} aria-current={current === 'imports' ? 'page' : undefined}>{t('archive.imports')}</Link>}
          <Link href={paths.settings} aria-current={current === 'settings' ? 'page' : undefined}>{t('archive.settings')}</Link>
        </nav>
        <h1 className="page-title">{title}</h1>
      </div>
      <span className="grow" />
      {children}
    </header>
  );
}
