import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useState } from 'react';
import { useApi } from '../../../shared/api/client';
import { useItem } from '../../../shared/api/items';
import { useAuthorities, useAuthority, useDirectory } from '../../../shared/api/me';
import type { CaseRef, Confirmation, Draft, LiftPreview } from '../../../shared/api/types';
import { isAway, type LiftRequest, waitingLifts } from '../../../shared/api/waitingLifts';
import { clockSentence } from '../../../shared/format/clock';
import { dayOf } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { type MessageItem, streamItems } from '../../../shared/matrix/items';
import { useMatrix, useRoom } from '../../../shared/matrix/react';
import { OfflineError } from '../../../shared/matrix/types';
import { Button, IconButton } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { useSlow } from '../../../shared/ui/useSlow';
import { previewLift, useLiftOperations } from '../api/lift';
import { caseKey, confirmationsAsked, confirmationsNeeded, type DraftProblem, intentKey, problemsIn } from '../draft';
import { localPreview } from '../localPreview';
import { LiftForm } from './LiftForm';
import { LiftItems } from './LiftItems';

interface Props {
  roomId: string;
  eventIds: string[];
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
  const preview = useQuery({
    queryKey: ['lift-preview', props.roomId, props.eventIds.join(), props.authority],
    queryFn: () => previewLift(api, props.roomId, props.eventIds, props.authority),
    gcTime: 0,
    staleTime: Infinity,
    retry: 1,
  });
  const slow = useSlow(preview.isPending);
  const local = useLocalPreview(props, isAway(preview.failureReason));
  if (preview.data) return <LiftSheet {...props} preview={preview.data} away={false} />;
  if (local) return <LiftSheet {...props} preview={local} away />;
  return (
    <Sheet className="lift" labelledBy={id} onClose={props.onClose}>
      <div className="lift-head"><h2 id={id} className="grow" tabIndex={-1} data-first="">{t('lift.title')}</h2><IconButton label={t('close')} icon="XMark" onClick={props.onClose} /></div>
      <div className="lift-right">
        {preview.isError && <Fault error={preview.error} onRetry={() => void preview.refetch()} />}
        {slow && <p className="quiet" role="status">{t('lift.fetching')}</p>}
      </div>
    </Sheet>
  );
}

/** What the client knows by itself, once it is plain that no server answers. */
function useLocalPreview({ roomId, eventIds, authority }: Props, away: boolean): LiftPreview | null {
  const room = useRoom(roomId);
  const directory = useDirectory();
  const authorities = useAuthorities();
  const own = useAuthority(authority);
  return useMemo(() => {
    if (!away || !room) return null;
    const items = streamItems(room.timeline, '').filter((item): item is MessageItem => item.kind === 'message' && eventIds.includes(item.id));
    return localPreview({ items, authority: own, directory, authorities });
  }, [away, room, eventIds, own, directory, authorities]);
}

function LiftSheet({ roomId, eventIds, authority, leaveOut, onClose, preview, away }: Props & { preview: LiftPreview; away: boolean }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const standing = useItem(roomId, eventIds[0] ?? '').find((one) => one.authority === authority);
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
    const ids = preview.items.length > 0 ? [...included] : eventIds;
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
  const focusSecrecy = () => document.querySelector<HTMLElement>('.lift [type="radio"]')?.focus();
  const onKeyDown = useKeys(t('lift.title'), [
    { keys: ['Ctrl+Enter'], label: t('lift.register'), run: () => void register(), inText: true },
    { keys: [caseKey(language)], label: t('keys.case'), run: () => setPicking(true) },
    { keys: ['S'], label: t('keys.secrecy'), run: focusSecrecy },
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
          preview={preview} included={included}
          onToggle={(eventId) => setIncluded((known) => {
            const next = new Set(known);
            if (!next.delete(eventId)) next.add(eventId);
            return next;
          })}
        />
        <LiftForm
          preview={preview} away={away} draft={draft} chosenCase={chosenCase} picking={picking} authority={authority}
          today={dayOf(http.now())} problems={problems} onDraft={(change) => { setDraft({ ...draft, ...change }); setAsked([]); }}
          onPicking={setPicking} onCase={(value, shown) => { setDraft({ ...draft, case: value }); setChosenCase(shown); setPicking(false); }}
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
