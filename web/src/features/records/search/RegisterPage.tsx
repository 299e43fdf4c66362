import { useEffect, useMemo, useRef, useState } from 'react';
import { authoritiesWithRole, useAuthorities, useMe } from '../../../shared/api/me';
import { useApi } from '../../../shared/api/client';
import type { RegisteredRecord } from '../../../shared/api/types';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { giveFocus } from '../../../shared/keys/focus';
import { useKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { OfflineError } from '../../../shared/matrix/types';
import { Button } from '../../../shared/ui/Button';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { navigate, paths, useQueryString } from '../../../shared/ui/router';
import { useSay } from '../../../shared/ui/Status';
import { useSlow } from '../../../shared/ui/useSlow';
import '../../../styles/register.css';
import { CorrectSheet } from '../components/CorrectSheet';
import { DeskTop } from '../components/DeskTop';
import { KeyBar } from '../components/KeyBar';
import { type Format, formats, useExport, useRegister, useSearchOperations } from './api';
import { Facets } from './Facets';
import { FoundTable } from './FoundTable';
import { everything, leavesOthersOut, narrowings, readQuery, type RegisterQuery, without, writeQuery } from './query';
import { SavedSearches } from './SavedSearches';
import { SearchField } from './SearchField';
import { useNarrowingText } from './useNarrowingText';

const wholeNumber = /^\s*\S+ \d{4}\/\d+\S*\s*$/;

/** The authorities whose registers the person may read whole. */
function useOwnRegisters(): string[] {
  const me = useMe();
  return useMemo(() => [...new Set((['registrar', 'archivist', 'officer'] as const).flatMap((role) => authoritiesWithRole(me, role)))].sort(), [me]);
}

/** The register for those who work with it: words, narrowings and what they find, all of it in the address. */
export function RegisterPage() {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const me = useMe();
  const api = useApi();
  const say = useSay();
  const faultText = useFaultText();
  const own = useOwnRegisters();
  const authorities = useAuthorities();
  const registers = useMemo(() => authoritiesWithRole(me, 'registrar'), [me]);
  const address = useQueryString();
  const query = useMemo(() => readQuery(address), [address]);
  const found = useRegister(query);
  const slow = useSlow(found.isPending);
  const operations = useSearchOperations();
  const exportList = useExport();
  // A question that doesn't reach the server leaves the answer before where it is.
  const before = useRef(found.data);
  if (found.data) before.current = found.data;
  const offline = found.error instanceof OfflineError;
  const data = found.data ?? (offline ? before.current : undefined);
  const records = useMemo(() => data?.pages.flatMap((page) => page.records) ?? [], [data]);
  const table = useRef<HTMLTableElement>(null);
  const [shown, setShown] = useState<string | number | null>(null);
  const [naming, setNaming] = useState(false);
  const [fault, setFault] = useState('');
  // Enter before the answer has come holds for the answer; J after the last row holds for the next page.
  const [wanted, setWanted] = useState<number | null>(null);

  const change = (next: RegisterQuery, replace = false) => navigate(paths.findBy(writeQuery(next)), replace);
  const rows = () => [...(table.current?.querySelectorAll<HTMLElement>('tbody .row-link') ?? [])];
  const step = (by: number) => {
    const stops = rows();
    const at = stops.indexOf(document.activeElement as HTMLElement);
    if (by > 0 && at >= 0 && at === stops.length - 1 && found.hasNextPage) {
      setWanted(at + 1);
      void found.fetchNextPage();
    } else stops[at < 0 ? 0 : Math.min(stops.length - 1, Math.max(0, at + by))]?.focus();
  };
  const waiting = found.isPending || found.isPlaceholderData || found.isFetchingNextPage;
  useEffect(() => {
    if (wanted === null || waiting) return;
    setWanted(null);
    rows()[wanted]?.focus();
  }, [wanted, waiting]);

  const go = async (text: string) => {
    change({ ...query, q: text });
    // A whole number is one record: it opens at once.
    const record = wholeNumber.test(text) ? await api.get<RegisteredRecord>('records', { number: text.trim() }).catch(() => null) : null;
    if (record) setShown(record.id);
    else setWanted(0);
  };
  const download = async (format: Format) => {
    setFault('');
    try {
      await exportList(query, format, language, `${t('search.file')} ${dayOf(http.now())}`);
      say(t('search.downloaded'));
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const onKeyDown = useKeys(t('search.title'), [
    { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => step(1) },
    { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => step(-1) },
    { keys: ['/'], label: t('search.keySearch'), run: () => giveFocus('#register-words') },
    { keys: ['F'], label: t('search.keyNarrow'), run: () => giveFocus('.facets input, .facets summary') },
    { keys: ['S'], label: t('search.save'), run: () => setNaming(true) },
    { keys: ['E'], label: t('search.keyExport'), run: () => giveFocus('.exports button') },
    { keys: ['U'], label: t('search.print'), run: () => window.print() },
  ]);

  const first = data?.pages[0];
  const others = query.authority.filter((code) => !own.includes(code));
  const name = (code: string) => words(authorities.find((one) => one.code === code)?.name) || code;
  const otherNames = others.map(name).join(', ');
  const masked = records.filter((one) => one.masked).length;
  return (
    <main className="main register-page" id="main" onKeyDown={onKeyDown}>
      {registers.length > 0 ? <DeskTop active="search" authorities={registers} progress="" /> : <header className="topbar"><h1 className="page-title">{t('search.title')}</h1></header>}
      <div className="register-grid">
        <aside className="register-side" data-region="filters" aria-label={t('search.narrow')}>
          <SavedSearches query={query} naming={naming} onNaming={setNaming} />
          <Facets query={query} own={own} records={records} onChange={change} />
        </aside>
        <div className="register-found" data-region="stream">
          <SearchField text={query.q} onChange={(q) => change({ ...query, q }, true)} onEnter={(q) => void go(q)} onDown={() => setWanted(0)} />
          <Chosen query={query} onChange={change} />
          <div className="row wrap found-head">
            <p className="grow" role="status">
              {first && !offline && (first.count > 0 || masked === 0) && <b>{first.more_than_count ? t('search.moreThan', { count: first.count }) : t('search.count', { count: first.count })}</b>}
              {masked > 0 && <> {t('search.maskedCount', { count: masked, names: otherNames })}</>}
            </p>
            <div className="row exports" role="group" aria-label={t('search.export')}>
              {formats.map((format) => (
                <Button key={format} small variant="tertiary" color="neutral" icon={format === 'xlsx' ? 'Download' : undefined} disabled={records.length === 0} onClick={() => void download(format)}>{t(`search.as_${format}`)}</Button>
              ))}
            </div>
            <Button small variant="tertiary" color="neutral" icon="PrinterSmall" keys={['U']} disabled={records.length === 0} onClick={() => window.print()}>{t('search.print')}</Button>
          </div>
          {others.length > 0 && <p className="hint">{t(leavesOthersOut(query) ? 'search.othersOut' : 'search.othersMasked', { names: otherNames })}</p>}
          {fault && <p className="problem small-text" role="alert">{fault}</p>}
          {offline && <p className="problem" role="alert">{t('search.offline')}</p>}
          {found.isError && !offline && <Fault error={found.error} onRetry={() => void found.refetch()} />}
          {slow && <p className="hint" role="status">{t('search.searching')}</p>}
          {first && !offline && records.length === 0 && <Nothing query={query} onChange={change} />}
          {records.length > 0 && <FoundTable records={records} table={table} busy={found.isPlaceholderData && !offline} onOpen={setShown} />}
          {found.hasNextPage && <p className="noprint"><Button variant="secondary" small disabled={found.isFetchingNextPage} onClick={() => { setWanted(records.length); void found.fetchNextPage(); }}>{t('search.more')}</Button></p>}
          {records.length > 0 && <p className="print-only">{t('search.printed', { count: records.length })}</p>}
        </div>
      </div>
      <KeyBar keys={[[['J', 'K'], t('desk.keysNext')], [['↵'], t('search.keyOpen')], [['/'], t('search.keySearch')], [['F'], t('search.keyNarrow')], [['S'], t('search.save')], [['E'], t('search.keyExport')]]} />
      {shown !== null && <CorrectSheet recordId={shown} onClose={() => { setShown(null); void operations.lookAgain(); }} />}
    </main>
  );
}

/** What narrows the list, each a button that takes it away; on paper it says what the list is of. */
function Chosen({ query, onChange }: { query: RegisterQuery; onChange: (next: RegisterQuery) => void }) {
  const { t } = useLanguage();
  const text = useNarrowingText(query);
  const all = narrowings(query);
  if (all.length === 0) return null;
  return (
    <div className="row wrap" role="group" aria-label={t('search.chosen')}>
      {all.map((one) => (
        <button key={one.name + one.value} type="button" className="pill chosen" onClick={() => { onChange(without(query, one)); giveFocus('#register-words'); }}>
          <span className="ds-sr-only">{t('search.remove')} </span>{text(one)}<span aria-hidden="true">×</span>
        </button>
      ))}
      <Button small variant="tertiary" color="neutral" onClick={() => { onChange({ ...everything, q: query.q }); giveFocus('#register-words'); }}>{t('search.clear')}</Button>
    </div>
  );
}

function Nothing({ query, onChange }: { query: RegisterQuery; onChange: (next: RegisterQuery) => void }) {
  const { t } = useLanguage();
  const narrowed = narrowings(query).length > 0;
  return (
    <div className="empty" role="status">
      <p><b>{t(writeQuery(query) === '' ? 'search.emptyRegister' : 'search.nothing')}</b></p>
      {writeQuery(query) !== '' && <p className="quiet">{t('search.nothingTip')}</p>}
      {narrowed && <Button small variant="secondary" onClick={() => { onChange({ ...everything, q: query.q }); giveFocus('#register-words'); }}>{t('search.widen')}</Button>}
    </div>
  );
}
