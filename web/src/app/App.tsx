import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { SignIn } from '../features/session/SignIn';
import { useMe } from '../shared/api/me';
import { useLanguage } from '../shared/i18n/i18n';
import { cycleRegion } from '../shared/keys/regions';
import { useGlobalKeys } from '../shared/keys/useKeys';
import { useGoTo } from '../shared/keys/useGoTo';
import { useMatrixValue } from '../shared/matrix/react';
import { navigate, paths, usePath } from '../shared/ui/router';
import { useSay } from '../shared/ui/Status';
import { KeyHelp } from './KeyHelp';
import { LiftSender } from './LiftSender';
import { doors, Rail } from './Rail';
import { RoomRoute } from './RoomRoute';

const Desk = lazy(() => import('./DeskRoute'));
const Cases = lazy(() => import('./CaseRoute'));
const Archive = lazy(() => import('./ArchiveRoute'));
const Roles = lazy(() => import('./RolesRoute'));

export function App() {
  const signedIn = useMatrixValue((snapshot) => snapshot.session !== null);
  return signedIn ? <SignedIn /> : <SignIn />;
}

function useConnectionNotice(): boolean {
  const { t } = useLanguage();
  const say = useSay();
  const offline = useMatrixValue((snapshot) => snapshot.connection === 'offline');
  useEffect(() => {
    if (offline) say(t('fault.offline'), true);
  }, [offline, say, t]);
  return offline;
}

function SignedIn() {
  const { t } = useLanguage();
  const path = usePath();
  const me = useMe();
  const offline = useConnectionNotice();
  const [help, setHelp] = useState(false);
  const open = useMemo(() => doors(me), [me]);
  const goTo = useMemo(
    () => Object.fromEntries(open.flatMap((door) => door.letters.map((letter) => [letter, () => navigate(door.href)]))), [open]);
  useGoTo(goTo);
  useGlobalKeys(t('keys.everywhere'), [
    { keys: ['F6'], label: t('keys.nextRegion'), run: () => cycleRegion(1), inText: true },
    { keys: ['Shift+F6'], label: t('keys.previousRegion'), run: () => cycleRegion(-1), inText: true },
    { keys: ['?'], label: t('keys.help'), run: () => setHelp(true) },
  ]);
  const known = [paths.desk, paths.cases, paths.weed, paths.roles, paths.rooms].some((one) => path.startsWith(one));
  useEffect(() => {
    if (!known) navigate(paths.rooms, true);
  }, [known]);

  const part = path.startsWith(paths.desk) ? 'register' : path.startsWith(paths.cases) ? 'cases' : path.startsWith(paths.weed) ? 'archive' : path.startsWith(paths.roles) ? 'roles' : 'rooms';
  const title = t(`rail.${part}`);
  useEffect(() => { document.title = `${title} – Torg`; }, [title]);
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); cycleToMain(); }}>{t('skip')}</a>
      {offline && <p className="offline" aria-hidden="true">{t('fault.offline')}</p>}
      <div className={`shell ${part === 'rooms' ? '' : 'no-list'}`}>
        <Rail doors={open} current={part} onHelp={() => setHelp(true)} />
        <Suspense fallback={<main className="main" id="main" />}>
          {part === 'rooms' && <RoomRoute path={path} />}
          {part === 'register' && <Desk path={path} />}
          {part === 'cases' && <Cases path={path} />}
          {part === 'archive' && <Archive path={path} />}
          {part === 'roles' && <Roles />}
        </Suspense>
      </div>
      <LiftSender />
      {help && <KeyHelp onClose={() => setHelp(false)} />}
    </>
  );
}

function cycleToMain(): void {
  const target = document.querySelector<HTMLElement>('#main [data-region-focus]') ?? document.querySelector<HTMLElement>('#main [tabindex="0"], #main button');
  target?.focus();
}
