import { memo, type Ref, useRef } from 'react';
import { useItem } from '../../shared/api/items';
import type { Assessment, Authority, DirectoryPerson } from '../../shared/api/types';
import { useWaitingLift } from '../../shared/api/waitingLifts';
import { formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import type { MessageItem } from '../../shared/matrix/items';
import { Button } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { Person } from '../../shared/ui/Person';
import { AttachmentButton } from './attachments';
import { ItemChips } from './ItemChips';
import { MessageTools } from './MessageTools';
import { NoteHead, type NoteSource } from './NoteHead';

/** What one can do with a post; the same from the keyboard and from the buttons. */
export interface Actions {
  lift: (item: MessageItem) => void;
  /** A whole thread, by its root. */
  liftThread: (root: string) => void;
  /** What was said between the first and the last marked post, or from a post until now. */
  liftSpan: (item?: MessageItem) => void;
  assess: (item: MessageItem) => void;
  reply: (item: MessageItem) => void;
  edit: (item: MessageItem) => void;
  thread: (item: MessageItem) => void;
  /** What the post has been for each authority. */
  history: (item: MessageItem) => void;
  react: (item: MessageItem, key: string) => void;
  remove: (item: MessageItem) => void;
  markSent: (item: MessageItem) => void;
  note: (item: MessageItem) => void;
  goTo: (id: string) => void;
  commit: (key: string) => void;
  undo: (key: string) => void;
  retry: (item: MessageItem) => void;
  discard: (item: MessageItem) => void;
  focus: (item: MessageItem) => void;
}

interface Props {
  roomId: string;
  item: MessageItem;
  name: string;
  person: DirectoryPerson | undefined;
  authority: Authority | undefined;
  own: boolean;
  active: boolean;
  /** The page's one tab stop in the stream. */
  stop: boolean;
  selected: boolean;
  /** An official note keeps it already. */
  noted: boolean;
  canAssess: boolean;
  repliedText: string | null;
  /** Of an official note: the posts it was written from, as far as they are here. */
  sources: NoteSource[];
  actions: Actions;
  ref?: Ref<HTMLLIElement>;
}

export function isOpen(assessments: Assessment[]): boolean {
  return assessments.some((one) => one.handling !== 'registered' && one.intent?.state !== 'pending');
}

export const Message = memo(function Message(props: Props) {
  const { roomId, item, name, authority, active, selected, actions } = props;
  const { t, language, words } = useLanguage();
  const pressing = useRef(false);
  const assessments = useItem(roomId, item.id);
  const waiting = useWaitingLift(roomId, item.id);
  const place = authority ? words(authority.name) : '';
  const time = formatTime(item.at, language);
  return (
    <li
      ref={props.ref} className="msg" data-focus={active ? '' : undefined} data-selected={selected ? '' : undefined}
      data-item={item.id} tabIndex={props.stop ? 0 : -1} aria-label={t('stream.item', { name, place, time })}
      data-region-focus={props.stop ? '' : undefined}
      // The buttons that come with focus move the post; under a pointer that waits until the press is over.
      onPointerDown={() => { pressing.current = true; }}
      onFocus={() => { if (!pressing.current) actions.focus(item); }}
      onClick={() => { pressing.current = false; actions.focus(item); }}
      onPointerLeave={() => { pressing.current = false; }}
    >
      <Person name={name} mark={authority?.mark} />
      <div>
        <div className="msg-meta">
          <b>{name}</b>{place && <span className="org">{place}</span>}
          <time dateTime={new Date(item.at).toISOString()}>{time}</time>
          {item.edited && !item.redacted && <span className="quiet small-text">{t('stream.edited')}</span>}
          {item.sharedFor && <span className="chip">{t(`stream.shared_${item.sharedFor}`)}</span>}
          {item.sending === 'sending' && <span className="quiet small-text">{t('stream.sending')}</span>}
          {selected && <span className="chip">{t('stream.selected')}</span>}
        </div>
        {item.note && !item.redacted && <NoteHead note={item.note} sources={props.sources} active={active} actions={actions} />}
        {props.repliedText !== null && <p className="replied">{props.repliedText}</p>}
        {item.redacted ? <p className="msg-text quiet">{t('stream.removed')}</p> : item.text && <p className="msg-text">{item.text}</p>}
        {item.attachment && <AttachmentButton file={item.attachment} tabbable={active} />}
        {item.sending === 'failed' && (
          <p className="row problem" role="alert">
            <Icon name="ExclamationmarkTriangle" />{t('stream.failed')}
            <Button variant="secondary" small onClick={() => actions.retry(item)}>{t('fault.retry')}</Button>
            <Button variant="tertiary" small onClick={() => actions.discard(item)}>{t('stream.discard')}</Button>
          </p>
        )}
        <div className="msg-foot">
          {item.reactions.map((reaction) => (
            <button
              key={reaction.key} type="button" className="react" tabIndex={active ? 0 : -1}
              aria-pressed={reaction.mine !== null} onClick={() => actions.react(item, reaction.key)}
              aria-label={t('stream.reaction', { word: t(`reaction.${reaction.key}`, { defaultValue: reaction.key }), count: reaction.count })}
            >
              <span aria-hidden="true">{reaction.key} {reaction.count}</span>
            </button>
          ))}
          {item.replies && (
            <button type="button" className="ds-link small-text" tabIndex={active ? 0 : -1} onClick={() => actions.thread(item)}>
              {t('stream.replies', { count: item.replies.count, time: formatTime(item.replies.last, language) })}
            </button>
          )}
          <ItemChips
            roomId={roomId} item={item} assessments={assessments} active={active}
            onCommit={actions.commit} onUndo={actions.undo}
          />
        </div>
        {active && item.sending === 'no' && !(waiting && !waiting.problem) && !assessments.some((one) => one.intent?.state === 'pending') && (
          <MessageTools
            item={item} own={props.own} actions={actions} mayLift={props.canAssess} canAssess={props.canAssess && isOpen(assessments)}
            prompt={props.noted ? null : (assessments.find((one) => one.note_prompt)?.note_prompt ?? null)}
          />
        )}
      </div>
    </li>
  );
});
