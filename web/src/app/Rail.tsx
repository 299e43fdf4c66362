import { useState } from 'react';
import { useAuthority, useMe } from '../shared/api/me';
import type { Me, Role } from '../shared/api/types';
import { changeLanguage, useLanguage } from '../shared/i18n/i18n';
import { useMatrix } from '../shared/matrix/react';
import { Brand } from '../shared/ui/AuthorityMark';
import { Icon, type IconName } from '../shared/ui/Icon';
import { Button, IconButton } from '../shared/ui/Button';
import { Person } from '../shared/ui/Person';
import { Link, paths } from '../shared/ui/router';
import { Sheet } from '../shared/ui/Sheet';

export interface Door {
  id: 'rooms' | 'cases' | 'register' | 'archive' | 'roles';
  href: string;
  icon: IconName;
  current: IconName;
  /** After `G`; the Swedish letters, which are also the other languages'. */
  letters: string[];
}

const all: (Door & { roles: Role[] | null })[] = [
  { id: 'rooms', href: paths.rooms, icon: 'Chat2', current: 'Chat2', letters: ['R'], roles: null },
  { id: 'cases', href: paths.cases, icon: 'Folder', current: 'FolderFill', letters: ['Ä', 'C'], roles: ['officer', 'registrar', 'archivist'] },
  { id: 'register', href: paths.desk, icon: 'Seal', current: 'SealFill', letters: ['D'], roles: ['registrar', 'archivist'] },
  { id: 'archive', href: paths.weed, icon: 'Archive', current: 'ArchiveFill', letters: ['A'], roles: ['archivist', 'registrar', 'administrator'] },
  { id: 'roles', href: paths.roles, icon: 'PersonGroup', current: 'PersonGroupFill', letters: ['B'], roles: ['archivist', 'administrator'] },
];

/** The doors a person's roles reach. What she lacks is absent, never greyed. */
export function doors(me: Me | undefined): Door[] {
  const archivist = me?.roles.some((one) => one.role === 'archivist');
  const registrar = me?.roles.some((one) => one.role === 'registrar');
  return all.filter((door) => door.roles === null || me?.roles.some((one) => door.roles?.includes(one.role)))
    // Registrars and administrators import the information plan; weeding and disposal are the archivist's.
    .map((door) => (door.id === 'archive' && !archivist ? { ...door, href: paths.informationPlan } : door))
    // An archivist looks things up in the register; its desk is the registrar's.
    .map((door) => (door.id === 'register' && !registrar ? { ...door, href: paths.find } : door));
}

export function Rail({ doors: open, current, onHelp }: { doors: Door[]; current: Door['id']; onHelp: () => void }) {
  const { t } = useLanguage();
  const me = useMe();
  const authority = useAuthority(me?.authority);
  const [account, setAccount] = useState(false);
  return (
    <nav className="rail" aria-label={t('rail.label')} data-region="rail">
      <Link href={paths.rooms} className="rail-brand" aria-label={t('rail.brand')}><Brand /></Link>
      <ul>
        {open.map((door) => (
          <li key={door.id}>
            <Link href={door.href} className="rail-item" aria-current={door.id === current ? 'page' : undefined} data-region-focus={door.id === current ? '' : undefined}>
              <span className="rail-icon"><Icon name={door.id === current ? door.current : door.icon} /></span>
              <span>{t(`rail.${door.id}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className="rail-foot">
        <button type="button" className="rail-item rail-help" onClick={onHelp}>
          <span className="rail-icon"><Icon name="QuestionmarkCircle" /></span><span>{t('rail.help')}</span>
        </button>
        <button type="button" className="rail-me" onClick={() => setAccount(true)}>
          <Person name={me?.name ?? '?'} mark={authority?.mark} /><span className="ds-sr-only">{me?.name}, {t('rail.account')}</span>
        </button>
      </div>
      {account && <Account onClose={() => setAccount(false)} />}
    </nav>
  );
}

function Account({ onClose }: { onClose: () => void }) {
  const { t, language, words } = useLanguage();
  const matrix = useMatrix();
  const me = useMe();
  const authority = useAuthority(me?.authority);
  return (
    <Sheet className="account" labelledBy="account-title" onClose={onClose}>
      <div className="lift-head"><h2 id="account-title" className="grow">{me?.name}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="lift-right">
        <p className="quiet">{[me?.unit, words(authority?.name), authority?.organisation].filter(Boolean).join(', ')}</p>
        <div className="row wrap" role="group" aria-label={t('account.language')}>
          {(['sv', 'en'] as const).map((one) => (
            <button key={one} type="button" className="pill" lang={one} aria-pressed={language === one} data-first={language === one ? '' : undefined} onClick={() => void changeLanguage(one)}>
              {one === 'sv' ? 'Svenska' : 'English'}
            </button>
          ))}
        </div>
        <p><Button variant="secondary" color="neutral" onClick={() => void matrix.logout()}>{t('account.signOut')}</Button></p>
      </div>
    </Sheet>
  );
}
