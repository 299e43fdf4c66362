import { useRef, useState } from 'react';
import { useItemsChanged } from '../../shared/api/items';
import type { Confirmation, Draft, QueueLine, Verdict } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { ApiError } from '../../shared/matrix/types';
import { useFaultText } from '../../shared/ui/Fault';
import { useSay } from '../../shared/ui/Status';
import { useAssess, useAssessMany } from './api/assess';
import { useLiftOperations } from './api/lift';
import type { Choice } from './choices';
import { confirmationsAsked, confirmationsNeeded, intentKey } from './draft';

/** The last verdict, on one line or many, while it can be undone or, later, corrected. */
export interface Last {
  lines: QueueLine[];
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
  const assessMany = useAssessMany();
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

  const hide = (lines: QueueLine[], hidden: boolean) => setGone((known) => {
    const next = new Set(known);
    for (const line of lines) {
      if (hidden) next.add(String(line.id));
      else next.delete(String(line.id));
    }
    return next;
  });
  const begin = (lines: QueueLine[]) => {
    const ids = new Set(lines.map((line) => line.id));
    for (const id of ids) setProblem(String(id), null);
    hide(lines, true);
    setReopened((known) => known.filter((one) => !ids.has(one.id)));
  };

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
    return { lines: [line], choice: 'register', intent };
  };

  /** @return whether the verdict went through. */
  const choose = async (line: QueueLine, choice: Choice, draft: Draft, more: With = {}): Promise<boolean> => {
    const id = String(line.id);
    begin([line]);
    try {
      if (choice === 'register') setLast(await register(line, draft));
      else {
        await assess(line.room_id ?? '', line.event_id, { authority: line.authority, handling: choice, record: more.record, second_person: more.second });
        setLast({ lines: [line], choice, intent: null });
        say(t('assess.done', { what: t(`verdict.${choice}`) }));
      }
      return true;
    } catch (error) {
      hide([line], false);
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

  /** One decision about many lines, in one request; what the rules refuse comes back with its reason. @return what went through. */
  const chooseMany = async (lines: QueueLine[], choice: Verdict, more: With = {}): Promise<number> => {
    begin(lines);
    const back = (line: QueueLine, error: unknown) => setProblem(String(line.id), { text: faultText(error), confirm: [], second: false });
    try {
      const { results } = await assessMany(lines, { handling: choice, record: more.record, second_person: more.second });
      const answer = (line: QueueLine) => results.find((one) => one.event_id === line.event_id && one.authority === line.authority);
      const done = lines.filter((line) => answer(line)?.done);
      const refused = lines.filter((line) => !done.includes(line));
      hide(refused, false);
      for (const line of refused) back(line, new ApiError(409, { ...answer(line) }));
      if (done.length > 0) setLast({ lines: done, choice, intent: null });
      const text = t('bulk.done', { count: done.length, what: t(`verdict.${choice}`) });
      say(refused.length > 0 ? `${text} ${t('bulk.refused', { count: refused.length })}` : text, refused.length > 0);
      return done.length;
    } catch (error) {
      hide(lines, false);
      for (const line of lines) back(line, error);
      say(faultText(error), true);
      return 0;
    }
  };

  const undo = async () => {
    const [line] = last?.lines ?? [];
    if (!last || !line) return;
    const id = String(line.id);
    if (!last.intent) {
      // Settled at once; the choice is opened again and the new one replaces it.
      hide(last.lines, false);
      setReopened((known) => [...known, ...last.lines]);
      setLast(null);
      return say(t('desk.reopened', { count: last.lines.length }));
    }
    try {
      await operations.cancel(last.intent.key, line.room_id);
      keys.current.delete(id);
      hide([line], false);
      setLast(null);
      say(t('lift.undone'));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) return setProblem(id, { text: faultText(error), confirm: [], second: false });
      const intent = await operations.commit(last.intent.key, line.room_id);
      if (intent.record_id !== null) setCorrecting(intent.record_id);
    }
  };

  const commitNow = async () => {
    if (!last?.intent) return;
    const intent = await operations.commit(last.intent.key, last.lines[0]?.room_id ?? null);
    if (intent.number) say(t('lift.done', { number: intent.number }));
  };

  return { gone, reopened, last, problems, correcting, setCorrecting, asks, choose, chooseMany, undo, commitNow };
}
