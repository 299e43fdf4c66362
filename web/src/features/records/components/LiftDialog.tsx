import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useItem } from '../../../shared/api/items';
import { useAuthorities, useAuthority, useDirectory } from '../../../shared/api/me';
import type { CaseRef, Confirmation, Draft, LiftPreview, LiftWhat, Span } from '../../../shared/api/types';
import { isAway, type LiftRequest, waitingLifts } from '../../../shared/api/waitingLifts';
import { clockSentence } from '../../../shared/format/clock';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { type MessageItem, streamItems } from '../../../shared/matrix/items';
import { useMatrix, useRoom } from '../../../shared/matrix/react';
import { ApiError, OfflineError } from '../../../shared/matrix/types';
import { Button, IconButton } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { useSlow } from '../../../shared/ui/useSlow';
import { useAssessMany } from '../api/assess';
import { previewLift, useLiftOperations } from '../api/lift';
import { caseKey, confirmationsAsked, confirmationsNeeded, type DraftProblem, intentKey, problemsIn } from '../draft';
import { localPreview } from '../localPreview';
import { LiftForm } from './LiftForm';
import { LiftItems } from './LiftItems';
import { SpanFields } from './SpanFields';

interface Props {
  roomId: string;
  what: LiftWhat;
  authority: string | undefined;
  /** Shown, but not ticked to begin with. */
  leaveOut?: string[];
  onClose: () => void;
}

/** Lift: look at what Torg has filled in, decide four things, register. */
export function LiftDialog(props: Props) {
  const { t } = useLanguage();
  const api = useApi();
  const id = useId();
  const [what, setWhat] = useState(props.what);
  const named = JSON.stringify(what);
  const preview = useQuery({
    queryKey: ['lift-preview', props.roomId, named, props.authority],
    queryFn: () => previewLift(api, props.roomId, what, props.authority),
    gcTime: 0,
    staleTime: Infinity,
    retry: (count, error) => !(error instanceof ApiError) && count < 1,
  });
  const liftFault = useLiftFault();
  const onSpan = (span: Span) => setWhat({ span });
  const slow = useSlow(preview.isPending);
  const local = useLocalPreview(props.roomId, what, props.authority, isAway(preview.failureReason));
  if (preview.data) return <LiftSheet key={named} {...props} what={what} preview={preview.data} away={false} onSpan={onSpan} />;
  if (local) return <LiftSheet key={named} {...props} what={what} preview={local} away onSpan={onSpan} />;
  return (
    <Sheet className="lift" labelledBy={id} onClose={props.onClose}>
      <div className="lift-head"><h2 id={id} className="grow" tabIndex={-1} data-first="">{t('lift.title')}</h2><IconButton label={t('close')} icon="XMark" onClick={props.onClose} /></div>
      <div className="lift-right">
        {'span' in what && <SpanFields key={named} span={what.span} onSpan={onSpan} />}
        {preview.isError && <Fault error={preview.error} text={liftFault(preview.error)} onRetry={() => void preview.refetch()} />}
        {slow && <p className="quiet" role="status">{t('lift.fetching')}</p>}
      </div>
    </Sheet>
  );
}

/** What the client knows by itself, once it is plain that no server answers; only the server finds a thread or a span. */
function useLocalPreview(roomId: string, what: LiftWhat, authority: string | undefined, away: boolean): LiftPreview | null {
  const room = useRoom(roomId);
  const directory = useDirectory();
  const authorities = useAuthorities();
  const own = useAuthority(authority);
  return useMemo(() => {
    if (!away || !room || !('event_ids' in what)) return null;
    const items = streamItems(room.timeline, '').filter((item): item is MessageItem => item.kind === 'message' && what.event_ids.includes(item.id));
    return localPreview({ items, authority: own, directory, authorities });
  }, [away, room, what, own, directory, authorities]);
}

/** What can't be lifted, in words of its own: too much at once, or nothing. */
function useLiftFault(): (error: unknown) => string | undefined {
  const { t } = useLanguage();
  return (error) => {
    if (!(error instanceof ApiError)) return undefined;
    return error.code === 'M_TOO_LARGE' ? t('lift.tooMany') : error.code === 'M_NOT_FOUND' && !error.body.why ? t('lift.nothingThere') : undefined;
  };
}

function LiftSheet({ roomId, what, authority, leaveOut, onClose, preview, away, onSpan }: Props & { preview: LiftPreview; away: boolean; onSpan: (span: Span) => void }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const standing = useItem(roomId, preview.items[0]?.event_id ?? '').find((one) => one.authority === authority);
  const operations = useLiftOperations();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [key] = useState(intentKey);
  const [draft, setDraft] = useState<Draft>(preview.draft);
  const [chosenCase, setChosenCase] = useState<CaseRef | null>(preview.case);
  const [included, setIncluded] = useState(() => new Set(preview.items.filter((item) => item.included && !leaveOut?.includes(item.event_id)).map((item) => item.event_id)));
  const [picking, setPicking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<DraftProblem[]>([]);
  const [fault, setFault] = useState('');
  const [asked, setAsked] = useState<Confirmation[]>([]);

  const register = async () => {
    const found = problemsIn(draft, included.size);
    setProblems(found);
    if (found.length > 0 || busy) return;
    setBusy(true);
    setFault('');
    const ids = preview.items.length > 0 || !('event_ids' in what) ? [...included] : what.event_ids;
    const request: LiftRequest = { key, commit: 'after', room_id: roomId, event_ids: ids, authority, draft, confirmed: asked.length > 0 ? asked : undefined };
    try {
      if (away) throw new OfflineError();
      await operations.lift(request);
      for (const one of waitingLifts.get()) if (one.problem && one.request.event_ids.some((eventId) => ids.includes(eventId))) waitingLifts.remove(one.request.key);
      say(t('lift.said'));
      onClose();
    } catch (error) {
      const wanted = isAway(error) ? confirmationsNeeded(draft, ids.length).filter((one) => !asked.includes(one)) : confirmationsAsked(error);
      if (wanted && wanted.length > 0) setAsked(wanted);
      else if (isAway(error)) keep(request);
      else setFault(faultText(error));
      setBusy(false);
    }
  };
  // It is sent with this key when there is a network again, and not twice should the server have got it already.
  const keep = (request: LiftRequest) => {
    const changed = Object.entries(draft).filter(([field, value]) => value !== preview.draft[field as keyof Draft]);
    waitingLifts.add(away ? { request, own: { ...Object.fromEntries(changed), title: draft.title } } : { request });
    say(t('lift.kept'));
    onClose();
  };
  const assessMany = useAssessMany();
  const same = async (number: string) => {
    if (!authority) return;
    setFault('');
    try {
      const lines = [...included].map((event_id) => ({ event_id, authority }));
      const { results } = await assessMany(lines, { handling: 'already_registered', record: number });
      const refused = results.find((one) => !one.done);
      if (refused) return setFault(faultText(new ApiError(409, { ...refused })));
      say(t('assess.done', { what: t('verdict.already_registered') }));
      onClose();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  const first = preview.duplicates[0]?.number;
  const focusSecrecy = () => document.querySelector<HTMLElement>('.lift [type="radio"]')?.focus();
  const onKeyDown = useKeys(t('lift.title'), [
    { keys: ['Ctrl+Enter'], label: t('lift.register'), run: () => void register(), inText: true },
    { keys: [caseKey(language)], label: t('keys.case'), run: () => setPicking(true) },
    { keys: ['S'], label: t('keys.secrecy'), run: focusSecrecy },
    ...(first && authority ? [{ keys: ['5'], label: t('verdict.already_registered'), run: () => void same(first) }] : []),
  ]);
  useEffect(() => {
    if (problems.length > 0 || asked.length > 0 || fault) document.querySelector<HTMLElement>('.lift .ds-alert')?.focus();
  }, [problems, asked, fault]);

  return (
    <Sheet className="lift" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="lift-head">
        <h2 id={id} className="grow">{t('lift.title')}</h2>
        {away && <span className="chip waiting"><Icon name="ClockDashed" /><span>{t('lift.away')}</span></span>}
        {standing && standing.clock !== 'none' && <ClockChip clock={standing.clock}>{clockSentence(standing, words(standing.clock_text), t, language, http.now())}</ClockChip>}
        <IconButton label={t('close')} icon="XMark" onClick={onClose} />
      </div>
      <div className="lift-grid">
        <LiftItems
          preview={preview} included={included} head={'span' in what && <SpanFields span={what.span} onSpan={onSpan} />}
          onToggle={(eventId) => setIncluded((known) => {
            const next = new Set(known);
            if (!next.delete(eventId)) next.add(eventId);
            return next;
          })}
        />
        <LiftForm
          preview={preview} away={away} draft={draft} chosenCase={chosenCase} picking={picking} authority={authority}
          today={dayOf(http.now())} problems={problems} onDraft={(change) => { setDraft({ ...draft, ...change }); setAsked([]); }}
          onPicking={setPicking} onSame={authority ? (number) => void same(number) : undefined} onCase={(value, shown) => { setDraft({ ...draft, case: value }); setChosenCase(shown); setPicking(false); }}
        />
      </div>
      {(problems.length > 0 || asked.length > 0 || fault) && (
        <div className="ds-alert lift-alert" data-color={asked.length > 0 ? 'warning' : 'danger'} role="alert" tabIndex={-1}>
          {problems.map((problem) => <p key={problem}>{t(`problem.${problem}`)}</p>)}
          {asked.map((one) => <p key={one}>{t(`confirm.${one}`)}</p>)}
          {fault && <p>{fault}</p>}
        </div>
      )}
      <div className="lift-foot">
        <p>{t('lift.undoNote')}</p>
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button icon="SealCheckmark" keys={['Ctrl', '↵']} disabled={busy} onClick={() => void register()}>
          {asked.length > 0 ? t('lift.registerAnyway') : t('lift.register')}
        </Button>
      </div>
    </Sheet>
  );
}
