import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import type { Authority, DirectoryPerson, LiftWhat } from '../../shared/api/types';
import { dayOf, formatDay, formatTime } from '../../shared/format/dates';
import { noteTitle } from '../../shared/format/noteTitle';
import { useLanguage } from '../../shared/i18n/i18n';
import { useKeys } from '../../shared/keys/useKeys';
import type { MessageItem, StreamItem } from '../../shared/matrix/items';
import { useMatrix } from '../../shared/matrix/react';
import { memberOf, type Room } from '../../shared/matrix/rooms';
import { Button, IconButton } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { Sheet } from '../../shared/ui/Sheet';
import { useSay } from '../../shared/ui/Status';
import { noteContent, type NoteDraft, personalNumber } from './compose';

interface Props {
  room: Room;
  items: StreamItem[];
  sources: string[];
  directory: ReadonlyMap<string, DirectoryPerson>;
  authorities: Authority[];
  onClose: () => void;
  /** The note stands in the room. */
  onSaved: (id: string) => void;
  onLift: (target: { what: LiftWhat; leaveOut: string[] }) => void;
}

/** What one has begun to write is kept while the page lives, also when the sheet is closed. */
const begun = new Map<string, NoteDraft>();

/** Torg writes down when, who and what was said; the official writes what it comes to. Then it is kept, or lifted. */
export function NoteSheet(props: Props) {
  const { room, sources, onClose } = props;
  const { t } = useLanguage();
  const matrix = useMatrix();
  const say = useSay();
  const id = useId();
  const draftKey = `${room.id} ${sources.join()}`;
  const posts = useMemo(() => props.items.filter((item): item is MessageItem => item.kind === 'message' && sources.includes(item.id)), [props.items, sources]);
  const first = useFirstDraft(props, posts);
  const [draft, setDraft] = useState<NoteDraft>(() => begun.get(draftKey) ?? first);
  const [alone, setAlone] = useState(false);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const suspect = personalNumber(`${draft.title} ${draft.said} ${draft.conclusion}`);
  const change = (part: Partial<NoteDraft>) => {
    const next = { ...draft, ...part };
    begun.set(draftKey, next);
    setDraft(next);
  };
  const finish = async (then: 'save' | 'lift') => {
    if (busy) return;
    if (!draft.title.trim() || !(draft.said.trim() || draft.conclusion.trim())) {
      setMissing(true);
      return;
    }
    setBusy(true);
    const sent = await matrix.send(room.id, 'm.room.message', noteContent(draft)).catch(() => null);
    begun.delete(draftKey);
    if (sent === null) {
      // It stands in the stream with a way to try again, as any post that could not go.
      say(t('stream.failed'), true);
      onClose();
    } else if (then === 'lift') {
      const registered = posts.filter((item) => item.records.length > 0).map((item) => item.id);
      props.onLift({ what: { event_ids: [...draft.sources, sent] }, leaveOut: alone ? draft.sources : registered });
    } else {
      say(t('note.saved'));
      props.onSaved(sent);
    }
  };
  const onKeyDown = useKeys(t('note.title'), [{ keys: ['Ctrl+Enter'], label: t('note.lift'), run: () => void finish('lift'), inText: true }]);
  return (
    <Sheet className="lift note-sheet" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown as (event: KeyboardEvent) => void}>
      <div className="lift-head">
        <h2 id={id} className="grow">{t('note.title')}</h2>
        <IconButton label={t('close')} icon="XMark" onClick={onClose} />
      </div>
      <div className="lift-grid">
        <Sources {...props} posts={posts} alone={alone} onAlone={setAlone} />
        <NoteForm draft={draft} missing={missing} suspect={suspect} onChange={change} />
      </div>
      <div className="lift-foot">
        <p>{t('note.visible')}</p>
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button variant="secondary" color="neutral" disabled={busy} onClick={() => void finish('save')}>{t('note.save')}</Button>
        <Button icon="SealCheckmark" keys={['Ctrl', '↵']} disabled={busy} onClick={() => void finish('lift')}>{t('note.lift')}</Button>
      </div>
    </Sheet>
  );
}

/** Heading, time, who took part and the words, as they stand in the room. */
function useFirstDraft({ room, sources, directory, authorities }: Props, posts: MessageItem[]): NoteDraft {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  return useMemo(() => {
    const nameOf = (user: string) => directory.get(user)?.name ?? memberOf(room, user).name;
    const placeOf = (user: string) => authorities.find((one) => one.code === directory.get(user)?.authority);
    const people = [...new Set(posts.map((item) => item.sender))].map((user) => {
      const place = placeOf(user);
      return place ? `${nameOf(user)} (${words(place.name)})` : nameOf(user);
    });
    const from = posts[0]?.at ?? http.now();
    const to = posts.at(-1)?.at ?? from;
    const time = formatTime(from, language) === formatTime(to, language) ? formatTime(from, language) : `${formatTime(from, language)}–${formatTime(to, language)}`;
    const names = new Intl.ListFormat(language, { type: 'conjunction' }).format(people);
    const lines = posts.map((item) => `${nameOf(item.sender)} ${formatTime(item.at, language)}: ${item.text || item.attachment?.name || ''}`);
    return {
      title: noteTitle(t('manual.noteTitle'), posts[0]?.text ?? ''),
      when: t('note.when', { day: formatDay(dayOf(from), language), time, names }),
      said: lines.join('\n'),
      conclusion: '',
      sources,
    };
  }, [posts, sources, room, directory, authorities, http, language, t, words]);
}

function Sources({ room, posts, directory, alone, onAlone }: Props & { posts: MessageItem[]; alone: boolean; onAlone: (alone: boolean) => void }) {
  const { t, language } = useLanguage();
  const id = useId();
  return (
    <section className="lift-left" aria-labelledby={id}>
      <h3 className="step" id={id}>{t('note.writtenFrom')}</h3>
      {posts.map((item) => (
        <div className="pick source" key={item.id}>
          <Icon name="Chat2" />
          <span>
            {item.text}
            <small>{directory.get(item.sender)?.name ?? memberOf(room, item.sender).name} · {formatTime(item.at, language)}</small>
            {item.attachment && <small>{item.attachment.name}</small>}
          </span>
        </div>
      ))}
      <fieldset className="plain stack tight">
        <legend className="strong">{t('note.what')}</legend>
        {[false, true].map((one) => (
          <label className="row" key={String(one)}>
            <input type="radio" className="ds-input" name={`${id}what`} checked={alone === one} onChange={() => onAlone(one)} />
            <span>{t(one ? 'note.alone' : 'note.withSources')}</span>
          </label>
        ))}
      </fieldset>
      <p className="hint"><Icon name="InformationSquare" /><span>{t('note.hint')}</span></p>
    </section>
  );
}

interface FormProps { draft: NoteDraft; missing: boolean; suspect: string | null; onChange: (part: Partial<NoteDraft>) => void }

function NoteForm({ draft, missing, suspect, onChange }: FormProps) {
  const { t } = useLanguage();
  const id = useId();
  return (
    <section className="lift-right" aria-label={t('note.one')}>
      <div className="ds-field">
        <label className="strong" htmlFor={`${id}title`}>{t('note.heading')}</label>
        <input className="ds-input" type="text" id={`${id}title`} value={draft.title} aria-invalid={missing && !draft.title.trim()} onChange={(event) => onChange({ title: event.target.value })} />
      </div>
      <div className="ds-field">
        <label className="strong" htmlFor={`${id}when`}>{t('note.whenWho')}</label>
        <input className="ds-input" type="text" id={`${id}when`} value={draft.when} onChange={(event) => onChange({ when: event.target.value })} />
      </div>
      <div className="ds-field">
        <label className="strong" htmlFor={`${id}said`}>{t('manual.said')}</label>
        <textarea className="ds-input" id={`${id}said`} rows={5} value={draft.said} onChange={(event) => onChange({ said: event.target.value })} />
      </div>
      <div className="ds-field">
        <label className="strong" htmlFor={`${id}conclusion`}>{t('note.conclusion')} <span className="quiet">{t('note.conclusionNote')}</span></label>
        <textarea className="ds-input" id={`${id}conclusion`} rows={4} data-first="" value={draft.conclusion} onChange={(event) => onChange({ conclusion: event.target.value })} />
      </div>
      {missing && <p className="problem" role="alert">{t('note.missing')}</p>}
      {suspect && <p className="composer-warn" role="status">{t('composer.personalNumber', { number: suspect })}</p>}
    </section>
  );
}
