import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../../shared/api/client';
import { authoritiesWithRole, useAuthorities, useMe } from '../../shared/api/me';
import type { CaseRef, CaseSummary, Draft, ManualKind, ManualPreview, ManualResult, Verdict } from '../../shared/api/types';
import { dayOf } from '../../shared/format/dates';
import { noteTitle } from '../../shared/format/noteTitle';
import { useItemsChanged } from '../../shared/api/items';
import { useLanguage } from '../../shared/i18n/i18n';
import { giveFocus } from '../../shared/keys/focus';
import { useMatrix } from '../../shared/matrix/react';
import { useFaultText } from '../../shared/ui/Fault';
import { useSay } from '../../shared/ui/Status';
import { useDeskOperations } from './api/desk';
import { droppedFile } from './dropped';
import { intentKey } from './draft';
import { emptyDraft, isMail } from './manual';

export interface Note { said: string; who: string; place: string; reserved: string }

/** The state of one manual registration: what came, what is filled in, and what happened to it. */
export function useManual() {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const api = useApi();
  const me = useMe();
  const authorities = useAuthorities();
  const operations = useDeskOperations();
  const changed = useItemsChanged();
  const say = useSay();
  const faultText = useFaultText();
  const codes = useMemo(() => authoritiesWithRole(me, 'registrar'), [me]);
  const [authority, setAuthority] = useState<string | null>(null);
  const code = authority ?? (me?.authority && codes.includes(me.authority) ? me.authority : codes[0]) ?? '';
  const board = authorities.find((one) => one.code === code);
  const [kind, setKindState] = useState<ManualKind>('mail');
  const [started, setStarted] = useState(() => http.now());
  const [key, setKey] = useState(intentKey);
  const [file, setFile] = useState<{ name: string; at: number } | null>(null);
  const [preview, setPreview] = useState<ManualPreview | null>(null);
  const [reading, setReading] = useState(false);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [shownCase, setShownCase] = useState<CaseRef | null>(null);
  const [parts, setParts] = useState<ReadonlySet<number>>(new Set());
  const [note, setNote] = useState<Note>({ said: '', who: '', place: '', reserved: '' });
  const [given, setGiven] = useState<CaseRef | null>(null);
  const [titled, setTitled] = useState(false);
  const [result, setResult] = useState<ManualResult | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);

  const blank = (how: ManualKind): Draft => ({ ...emptyDraft(how, dayOf(http.now()), board, language, how === 'phone' ? t('manual.noteType') : t('manual.paperType')), case: given && { id: given.id } });
  const shown: Draft = draft ?? blank(kind);
  // Until someone has written a title, a note is called by its first sentence.
  const titledDraft = (): Draft => {
    if (kind === 'mail' || kind === 'file') return shown;
    const auto = noteTitle(kind === 'phone' ? t('manual.noteTitle') : '', note.said).trim();
    return { ...shown, title: titled ? shown.title : auto || shown.title, sender: shown.sender || note.who };
  };

  const read = async (picked: File) => {
    setFault('');
    setReading(true);
    setFile({ name: picked.name, at: http.now() });
    try {
      const answer = await operations.previewFile(picked, code);
      setPreview(answer);
      setShownCase(given ?? answer.case);
      setParts(new Set(answer.attachments.map((one) => one.part)));
      // Everything is filled in: what is left is a look and a digit.
      if (kind !== 'paper') giveFocus('.desk-right .desk-scroll');
      if (kind === 'mail' || kind === 'file') {
        setDraft(given ? { ...answer.draft, case: { id: given.id } } : answer.draft);
        setKindState(isMail(picked) ? 'mail' : 'file');
      }
    } catch (error) {
      setFile(null);
      setFault(faultText(error));
    }
    setReading(false);
  };
  const reset = (how: ManualKind) => {
    setKindState(how);
    setKey(intentKey());
    setStarted(http.now());
    setFile(null);
    setPreview(null);
    setDraft(null);
    setShownCase(null);
    setNote({ said: '', who: '', place: '', reserved: '' });
    setTitled(false);
    setResult(null);
    setFault('');
  };
  /** From a case's page the case is chosen, whatever the file suggests. */
  const inCase = async () => {
    const asked = new URLSearchParams(location.search).get('arende');
    if (!asked) return;
    const found = await api.get<CaseSummary>(`cases/${encodeURIComponent(asked)}`).catch(() => null);
    if (!found) return;
    setAuthority(found.authority);
    setGiven({ id: found.id, number: found.number, title: found.title });
  };
  useEffect(() => {
    void inCase();
    const waiting = droppedFile.take();
    if (waiting) void read(waiting);
  }, []); // eslint-disable-line react-hooks/exhaustive-deps

  const register = async () => {
    const body = titledDraft();
    const needsFile = kind === 'mail' || kind === 'file';
    if (busy || result) return;
    if (needsFile && !preview) return setFault(t('manual.noFile'));
    if (!body.title.trim()) return setFault(t('manual.titleMissing'));
    setBusy(true);
    setFault('');
    try {
      const answer = await operations.register({
        key, kind, authority: code, draft: body, upload: preview?.upload,
        parts: preview ? [...parts] : undefined, note: note.said || undefined, original_place: note.place || undefined,
        caller_known: kind === 'phone' ? note.who.trim() !== '' : undefined,
        reserved: kind === 'paper' ? note.reserved.trim() || undefined : undefined,
      });
      setResult(answer);
      say(answer.number ? t('lift.done', { number: answer.number }) : words(answer.say));
      changed(null);
    } catch (error) {
      setFault(faultText(error));
    }
    setBusy(false);
  };
  const settle = async (handling: Exclude<Verdict, 'working'>, record?: string): Promise<boolean> => {
    if (!preview) {
      setFault(t('manual.noFile'));
      return false;
    }
    try {
      await operations.assessUpload({ key, authority: code, upload: preview.upload, handling, record });
      say(t('manual.keptOrdered'));
      changed(null);
      return true;
    } catch (error) {
      setFault(faultText(error));
      return false;
    }
  };

  return {
    codes, code, setAuthority, board, kind, setKind: reset, started, file, preview, reading, read, shownCase: shownCase ?? (draft === null ? given : null), parts, note, setNote,
    draft: titledDraft(), fault, busy, result, register, settle, another: () => reset('mail'),
    change: (change: Partial<Draft>, chosen?: CaseRef | null) => {
      setDraft({ ...titledDraft(), ...change });
      if ('title' in change) setTitled(true);
      if (chosen !== undefined) setShownCase(chosen);
    },
    togglePart: (part: number) => setParts((known) => {
      const next = new Set(known);
      if (!next.delete(part)) next.add(part);
      return next;
    }),
  };
}

export type Manual = ReturnType<typeof useManual>;
