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
import { confirmationsAsked, intentKey } from './draft';
import type { Confirmation } from '../../shared/api/types';

/** The last verdict, while it can be undone or, later, corrected. */
export interface Last {
  line: QueueLine;
  choice: Choice;
  intent: { key: string; due_at: number } | null;
}

export interface Problem { lineId: string; text: string; confirm: Confirmation[] }

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
  const [problem, setProblem] = useState<Problem | null>(null);
  const [correcting, setCorrecting] = useState<string | number | null>(null);
  const keys = useRef(new Map<string, string>());

  const hide = (id: string, hidden: boolean) => setGone((known) => {
    const next = new Set(known);
    if (hidden) next.add(id);
    else next.delete(id);
    return next;
  });

  const register = async (line: QueueLine, draft: Draft): Promise<Last> => {
    const id = String(line.id);
    const key = keys.current.get(id) ?? intentKey();
    keys.current.set(id, key); // the same key again is the same lift
    const confirmed = problem?.lineId === id && problem.confirm.length > 0 ? problem.confirm : undefined;
    const intent = await operations.lift({
      key, commit: 'after', room_id: line.room_id ?? '', event_ids: [line.event_id], authority: line.authority, draft, confirmed,
    });
    say(t('lift.said'));
    return { line, choice: 'register', intent };
  };

  /** @return whether the verdict went through. */
  const choose = async (line: QueueLine, choice: Choice, draft: Draft, record?: string): Promise<boolean> => {
    const id = String(line.id);
    setProblem(null);
    hide(id, true);
    setReopened((known) => known.filter((one) => one.id !== line.id));
    try {
      if (choice === 'register') setLast(await register(line, draft));
      else {
        await assess(line.room_id ?? '', line.event_id, { authority: line.authority, handling: choice, record });
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
      setProblem({ lineId: id, text, confirm });
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
      if (!(error instanceof ApiError) || error.status !== 409) return setProblem({ lineId: id, text: faultText(error), confirm: [] });
      const intent = await operations.commit(last.intent.key, last.line.room_id);
      if (intent.record_id !== null) setCorrecting(intent.record_id);
    }
  };

  const commitNow = async () => {
    if (!last?.intent) return;
    const intent = await operations.commit(last.intent.key, last.line.room_id);
    if (intent.number) say(t('lift.done', { number: intent.number }));
  };

  return { gone, reopened, last, problem, correcting, setCorrecting, choose, undo, commitNow };
}
