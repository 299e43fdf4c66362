import { useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { authoritiesWithRole, useMe } from '../../../shared/api/me';
import type { CaseWithRecords } from '../../../shared/api/types';
import { formatDay } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import type { Binding } from '../../../shared/keys/keymap';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrixValue } from '../../../shared/matrix/react';
import { type Room, roomName, stateOf } from '../../../shared/matrix/rooms';
import { ApiError } from '../../../shared/matrix/types';
import { Button } from '../../../shared/ui/Button';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { SecrecyChip } from '../../../shared/ui/SecrecyChip';
import { Link, navigate, paths } from '../../../shared/ui/router';
import { useSlow } from '../../../shared/ui/useSlow';
import { useCase } from '../api/cases';
import { openForPaper } from '../daybook';
import { publicPath } from '../public';
import { caseFieldKeys, type CaseField, mayChangeCase } from '../caseFields';
import { rowKeys } from '../rows';
import { CaseFacts } from './CaseFacts';
import { CaseClocks } from './CaseClocks';
import { CaseRecords } from './CaseRecords';
import { CaseTimeline } from './CaseTimeline';
import { MarkSheet } from './MarkSheet';
import { CloseCase } from './CloseCase';
import { CorrectSheet } from './CorrectSheet';
import { Relations } from './Relations';

/** A case: its records in order, its clocks, its rooms, and what the public sees of it. */
export function CasePage({ id }: { id: string }) {
  const { t } = useLanguage();
  const found = useCase(id);
  const slow = useSlow(found.isPending);
  if (found.data) return <CaseShown found={found.data} />;
  const refused = found.error instanceof ApiError && found.error.status < 500;
  return (
    <main className="main" id="main">
      <div className="empty" data-region="stream">
        {!refused && <h1 className="ds-sr-only">{t('case.one')}</h1>}
        {slow && <p role="status">{t('casePage.fetching')}</p>}
        {refused && <><h1 className="page-title">{t('casePage.notYours')}</h1><p>{t('casePage.notYoursText')}</p><p><Link href={paths.cases}>{t('cases.title')}</Link></p></>}
        {found.isError && !refused && <Fault error={found.error} onRetry={() => void found.refetch()} />}
      </div>
    </main>
  );
}

/** The rooms that the person is in and whose plan names the case. */
function useRoomsOf(caseId: string | number): Room[] {
  const rooms = useMatrixValue((snapshot) => snapshot.rooms);
  return useMemo(() => [...rooms.values()].filter((room) => {
    const named = stateOf(room, 'org.torg.plan')?.content.case as { id?: unknown } | null | undefined;
    return room.membership === 'join' && named?.id !== undefined && String(named.id) === String(caseId);
  }), [rooms, caseId]);
}

function CaseShown({ found }: { found: CaseWithRecords }) {
  const { t, language } = useLanguage();
  const api = useApi();
  const me = useMe();
  const faultText = useFaultText();
  const rooms = useRoomsOf(found.id);
  const table = useRef<HTMLTableElement>(null);
  const [asPublic, setPublic] = useState(false);
  const [fault, setFault] = useState('');
  const [closing, setClosing] = useState(false);
  const [marking, setMarking] = useState(false);
  const [field, setField] = useState<CaseField | null>(null);
  const [relating, setRelating] = useState(false);
  const [record, setRecord] = useState<string | number | null>(null);
  const mayAdd = authoritiesWithRole(me, 'registrar').includes(found.authority) && !found.closed_day;
  const mayMark = (['registrar', 'officer'] as const).some((role) => authoritiesWithRole(me, role).includes(found.authority));
  const mayChange = mayChangeCase(me, found) && !asPublic;
  const mayClose = !found.closed_day && mayMark;

  useEffect(() => {
    // From a search for a number the record is open at once.
    const asked = decodeURIComponent(location.hash.slice(1));
    if (found.entries.some((one) => String(one.id) === asked)) {
      history.replaceState(null, '', location.pathname);
      setRecord(asked);
    } else giveFocus('.case-grid');
  }, []); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => { document.title = `${found.number} – Torg`; }, [found.number]);

  const print = async () => {
    setFault('');
    try {
      const view = asPublic ? 'public' : 'names';
      const opened = await openForPaper(api, `cases/${encodeURIComponent(String(found.id))}/daybook?view=${view}&lang=${language}`);
      if (!opened) setFault(t('done.popup'));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const add = () => navigate(paths.manualIn(found.id));
  const room = rooms[0];
  const keys: Binding[] = [
    ...rowKeys(t, table),
    { keys: ['P'], label: t('keys.publicView'), run: () => setPublic(!asPublic) },
    { keys: ['U'], label: t('keys.daybook'), run: () => void print() },
    ...(room ? [{ keys: ['O'], label: t('keys.open'), run: () => navigate(paths.room(room.id)) }] : []),
    ...(mayAdd ? [{ keys: ['+'], label: t('keys.addToCase'), run: add }] : []),
    ...(mayMark ? [{ keys: ['S'], label: t('keys.markCase'), run: () => setMarking(true) }] : []),
    ...(mayChange ? caseFieldKeys(t, found, setField) : []),
    ...(mayChange ? [{ keys: ['R'], label: t('relation.add'), run: () => setRelating(true) }] : []),
    ...(mayClose ? [{ keys: ['A'], label: t('keys.closeCase'), run: () => setClosing(true) }] : []),
  ];
  const onKeyDown = useKeys(t('casePage.records'), keys);
  const opened = formatDay(found.opened_day, language);
  return (
    <main className="main" id="main" onKeyDown={onKeyDown}>
      <header className="case-head">
        <p className="case-no num"><Link href={paths.cases} className="ds-sr-only">{t('cases.title')}</Link>{found.closed_day ? t('casePage.closed', { number: found.number, day: formatDay(found.closed_day, language) }) : t('casePage.ongoing', { number: found.number, day: opened })}</p>
        <div className="row wrap">
          <h1 className="page-title grow">{asPublic ? found.public_title ?? t('casePage.noTitle') : found.title}</h1>
          <div className="seg" role="group" aria-label={t('casePage.view')}>
            <button type="button" aria-pressed={!asPublic} onClick={() => setPublic(false)}>{t('casePage.asMe')}</button>
            <button type="button" aria-pressed={asPublic} onClick={() => setPublic(true)}><Icon name="Eye" />{t('casePage.asPublic')}</button>
          </div>
          <Button variant="tertiary" color="neutral" small icon="PrinterSmall" keys={['U']} onClick={() => void print()}>{t('casePage.daybook')}</Button>
          {mayMark && <Button variant="tertiary" color="neutral" small icon="EyeObfuscated" keys={['S']} onClick={() => setMarking(true)}>{t('secrecy.title')}</Button>}
          {mayClose && <Button variant="tertiary" color="neutral" small icon="Archive" keys={['A']} onClick={() => setClosing(true)}>{t('casePage.close')}</Button>}
          {mayAdd && <Button variant="secondary" small icon="Plus" keys={['+']} onClick={add}>{t('casePage.add')}</Button>}
        </div>
        <p className="plan-line">
          <span>{t('casePage.class', { classification: found.classification || '–' })}</span>
          {!asPublic && found.secrecy && <SecrecyChip marking={found.secrecy} />}
          {!asPublic && rooms.map((one) => <span key={one.id} className="row"><span className="dot" /><Icon name="Chat2" /><Link href={paths.room(one.id)}>{t('casePage.room', { name: roomName(one) })}</Link></span>)}
        </p>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
        <nav className="tabs" aria-label={t('casePage.records')}><a href="#records" aria-current="page">{t('casePage.records')}<small>{found.entries.length}</small></a></nav>
      </header>
      <div className="case-grid" tabIndex={0} role="group" aria-label={`${found.number} ${found.title}`} data-region="stream">
        <section aria-label={t('casePage.records')} className="stack" id="records">
          {asPublic && (
            <p className="hint"><Icon name="Globe" /><span>{t('casePage.publicNote')} <a href={publicPath(found.number, language)} target="_blank" rel="noreferrer">{t('casePage.publicLink')}</a></span></p>
          )}
          <CaseRecords found={found} asPublic={asPublic} table={table} onOpen={setRecord} />
        </section>
        {!asPublic && (
          <div className="stack case-side">
            <CaseFacts found={found} may={mayChange} editing={field} onEdit={setField} />
            <CaseClocks found={found} rooms={rooms} />
            <Relations of="cases" id={found.id} relations={found.relations} may={mayChange} adding={relating} onAdding={setRelating} />
            <CaseTimeline found={found} />
          </div>
        )}
      </div>
      {marking && <MarkSheet thing={{ kind: 'case', id: found.id, name: found.number }} onClose={() => setMarking(false)} />}
      {closing && <CloseCase found={found} onClose={() => setClosing(false)} />}
      {record !== null && <CorrectSheet recordId={record} onClose={() => { setRecord(null); if (document.activeElement === document.body) giveFocus('.case-grid'); }} />}
    </main>
  );
}
