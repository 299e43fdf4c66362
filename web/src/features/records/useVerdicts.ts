import { useRef, useState } from 'react';
import { useItemsChanged } from '../../shared/api/items';
import type { Draft, QueueLine } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { ApiError } from '../../shared/matrix/types';
import { useFaultText } from '../../shared/ui/Fault';
import { useSay } from '../../shared/ui/Status';
import { useAssess } from './api/assess';
import { useLiftOperations } from './api/lift';
import type { Choice } from './components/Verdicts';
import { confirmationsAsked, confirmationsNeeded, intentKey } from './draft';
import type { Confirmation } from '../../shared/api/types';

/** The last verdict, while it can be undone or, later, corrected. */
export interface Last {
  line: QueueLine;
  choice: Choice;
  intent: { key: string; due_at: number } | null;
}

/** Why a line is back: what the server said, which confirmations it wants, or that a colleague must agree (R22). */
export interface Problem { text: string; confirm: Confirmation[]; second: boolean }

export interface With { record?: string; second?: string }

/**
 * Carries verdicts out. A line leaves the list at once and comes back if the server refuses; a registration waits ten
 * seconds on the server, any other verdict is settled and can be chosen again.
 */
export function useVerdicts() {
  const { t } = useLanguage();
  const assess = useAssess();
  const operations = useLiftOperations();
  const changed = useItemsChanged();
  const say = useSay();
  const faultText = useFaultText();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [reopened, setReopened] = useState<QueueLine[]>([]);
  const [last, setLast] = useState<Last | null>(null);
  const [problems, setProblems] = useState<Readonly<Record<string, Problem>>>({});
  const [correcting, setCorrecting] = useState<string | number | null>(null);
  const keys = useRef(new Map<string, string>());

  const hide = (id: string, hidden: boolean) => setGone((known) => {
    const next = new Set(known);
    if (hidden) next.add(id);
    else next.delete(id);
    return next;
  });

  const setProblem = (id: string, problem: Problem | null) => setProblems((known) => {
    const others = Object.fromEntries(Object.entries(known).filter(([one]) => one !== id));
    return problem ? { ...others, [id]: problem } : others;
  });
  /** What a registration needs twice is asked at once, where the person still looks. @return whether it was asked. */
  const asks = (line: QueueLine, choice: Choice, draft: Draft): boolean => {
    if (choice !== 'register') return false;
    const id = String(line.id);
    const asked = problems[id]?.confirm ?? [];
    const confirm = confirmationsNeeded(draft);
    if (confirm.every((one) => asked.includes(one))) return false;
    setProblem(id, { text: confirm.map((one) => t(`confirm.${one}`)).join(' '), confirm, second: false });
    return true;
  };

  const register = async (line: QueueLine, draft: Draft): Promise<Last> => {
    const id = String(line.id);
    const key = keys.current.get(id) ?? intentKey();
    keys.current.set(id, key); // the same key again is the same lift
    const asked = problems[id]?.confirm ?? [];
    const confirmed = asked.length > 0 ? asked : undefined;
    const intent = await operations.lift({
      key, commit: 'after', room_id: line.room_id ?? '', event_ids: [line.event_id], authority: line.authority, draft, confirmed,
    });
    say(t('lift.said'));
    return { line, choice: 'register', intent };
  };

  /** @return whether the verdict went through. */
  const choose = async (line: QueueLine, choice: Choice, draft: Draft, more: With = {}): Promise<boolean> => {
    const id = String(line.id);
    setProblem(id, null);
    hide(id, true);
    setReopened((known) => known.filter((one) => one.id !== line.id));
    try {
      if (choice === 'register') setLast(await register(line, draft));
      else {
        await assess(line.room_id ?? '', line.event_id, { authority: line.authority, handling: choice, record: more.record, second_person: more.second });
        setLast({ line, choice, intent: null });
        say(t('assess.done', { what: t(`verdict.${choice}`) }));
      }
      return true;
    } catch (error) {
      hide(id, false);
      const confirm = confirmationsAsked(error) ?? [];
      const conflict = error instanceof ApiError && error.code === 'ORG.TORG.ALREADY_SETTLED';
      const text = confirm.length > 0 ? confirm.map((one) => t(`confirm.${one}`)).join(' ') : conflict ? t('desk.faster') : faultText(error);
      if (conflict) changed(null);
      const second = error instanceof ApiError && error.code === 'ORG.TORG.NEEDS_SECOND_PERSON';
      setProblem(id, { text: second ? t('second.why') : text, confirm, second });
      say(t('desk.back', { title: line.title, why: text }), true);
      return false;
    }
  };

  const undo = async () => {
    if (!last) return;
    const id = String(last.line.id);
    if (!last.intent) {
      // Settled at once; the choice is opened again and the new one replaces it.
      hide(id, false);
      setReopened((known) => [...known, last.line]);
      setLast(null);
      return say(t('desk.reopened'));
    }
    try {
      await operations.cancel(last.intent.key, last.line.room_id);
      keys.current.delete(id);
      hide(id, false);
      setLast(null);
      say(t('lift.undone'));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) return setProblem(id, { text: faultText(error), confirm: [], second: false });
      const intent = await operations.commit(last.intent.key, last.line.room_id);
      if (intent.record_id !== null) setCorrecting(intent.record_id);
    }
  };

  const commitNow = async () => {
    if (!last?.intent) return;
    const intent = await operations.commit(last.intent.key, last.line.room_id);
    if (intent.number) say(t('lift.done', { number: intent.number }));
    else if (intent.external) say(t(`external.${intent.external.state}`));
  };

  return { gone, reopened, last, problems, correcting, setCorrecting, asks, choose, undo, commitNow };
}
