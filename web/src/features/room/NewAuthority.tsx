import { useId, useState } from 'react';
import type { DirectoryPerson } from '../../shared/api/types';
import { formatCount, formatDate, formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import { type Opening, useVisible } from './api';

interface Props {
  roomId: string;
  name: string;
  opening: Opening;
  directory: ReadonlyMap<string, DirectoryPerson>;
  understood: boolean;
  onUnderstood: (understood: boolean) => void;
}

/** Opening a room to another authority: what becomes sent and received is shown before it is done (R9). */
export function NewAuthority({ roomId, name, opening, directory, understood, onUnderstood }: Props) {
  const { t, language, words } = useLanguage();
  const id = useId();
  const now = opening.from_now_on;
  return (
    <fieldset className="plain stack">
      <legend>{t('inviting.newTitle', { name })}</legend>
      <label className="check">
        <input type="radio" className="ds-input" name={id} checked={now.possible} disabled={!now.possible} readOnly />
        <span>
          {t('inviting.fromNow')}
          <small>{now.possible ? `${t('inviting.fromNowNote', { name })} ${now.changes_visibility ? t('inviting.closes') : ''}` : words(now.why)}</small>
        </span>
      </label>
      {!now.possible && (
        <>
          <label className="check">
            <input type="radio" className="ds-input" name={id} checked readOnly />
            <span>{t('inviting.history')}<small>{t('inviting.received', { name, posts: formatCount(opening.received, language) })} {opening.sent > 0 && t('inviting.sent', { posts: formatCount(opening.sent, language) })}</small></span>
          </label>
          <Shown roomId={roomId} opening={opening} directory={directory} />
          <label className="check">
            <input type="checkbox" className="ds-input" checked={understood} onChange={(event) => onUnderstood(event.target.checked)} />
            <span>{t('inviting.understood')}</span>
          </label>
        </>
      )}
    </fieldset>
  );
}

/** Each of the items that would be disclosed, the latest first; their words are fetched when somebody wants to see them. */
function Shown({ roomId, opening, directory }: Pick<Props, 'roomId' | 'opening' | 'directory'>) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const [open, setOpen] = useState(false);
  const posts = useVisible(roomId, opening.items.length, open).data;
  if (opening.items.length === 0) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('inviting.show')}</summary>
      <ul className="plain-list stack tight visible-posts" tabIndex={0} aria-label={t('inviting.show')}>
        {[...opening.items].reverse().map((item) => {
          const post = posts?.get(item.event_id);
          const who = post ? directory.get(post.sender)?.name ?? post.sender : item.sender_authority ?? '';
          const becomes = item.becomes.map((one) => `${one.authority ?? t('inviting.outsider')} ${t(one.authority === item.sender_authority ? 'inviting.becomesSent' : 'inviting.becomesReceived')}`).join(', ');
          return (
            <li key={item.event_id} className="small-text">
              <span className="quiet">{formatDate(item.at, language, http.now())} {formatTime(item.at, language)}, {who}:</span> {post?.text ?? '…'} <span className="quiet">({becomes})</span>
            </li>
          );
        })}
      </ul>
      {Math.max(opening.sent, opening.received) > opening.items.length && <p className="small-text quiet">{t('inviting.latest', { count: opening.items.length })}</p>}
    </details>
  );
}
