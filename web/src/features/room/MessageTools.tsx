import { useState } from 'react';
import { useLanguage } from '../../shared/i18n/i18n';
import type { MessageItem } from '../../shared/matrix/items';
import type { Words } from '../../shared/api/types';
import { Button, IconButton } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import type { Actions } from './Message';

export const reactionKeys = ['👍', '✅', '❤️', '😊', '👀', '🙏'];

interface Props {
  item: MessageItem;
  own: boolean;
  /** The person may lift at all; `canAssess`: and this post is open. */
  mayLift: boolean;
  canAssess: boolean;
  /** Why a note should keep what was told here (R16); null when there is no need. */
  prompt: Words | null;
  actions: Actions;
}

/** The focused post's buttons, in a row of their own under it. Lift and its opposite have the same width. */
export function MessageTools({ item, own, mayLift, canAssess, prompt, actions }: Props) {
  const { t, words } = useLanguage();
  const [open, setOpen] = useState<'react' | 'more' | null>(null);
  const toggle = (what: 'react' | 'more') => setOpen(open === what ? null : what);
  return (
    <>
      <div className="tools" role="toolbar" aria-label={t('stream.tools')}>
        {canAssess && <Button small icon="SealCheckmark" keys={['L']} onClick={() => actions.lift(item)}>{t('lift.verb')}</Button>}
        {canAssess && (
          <Button small variant="secondary" color="neutral" keys={['N']} onClick={() => actions.assess(item)}>{t('assess.verb')}</Button>
        )}
        {!item.redacted && (
          <>
            <IconButton label={t('stream.reply')} icon="ChatElipsis" onClick={() => actions.reply(item)} />
            <IconButton label={t('stream.react')} icon="FaceSmile" aria-expanded={open === 'react'} onClick={() => toggle('react')} />
            <IconButton label={t('stream.more')} icon="MenuElipsisHorizontal" aria-expanded={open === 'more'} onClick={() => toggle('more')} />
          </>
        )}
      </div>
      {mayLift && prompt && (
        <p className="hint row wrap">
          <Icon name="InformationSquare" /><span>{words(prompt)}</span>
          <Button small variant="secondary" icon="FileText" keys={['A']} onClick={() => actions.note(item)}>{t('note.write')}</Button>
        </p>
      )}
      {open === 'react' && (
        <div className="tools" role="group" aria-label={t('stream.react')}>
          {reactionKeys.map((key) => (
            <button
              key={key} type="button" className="react" aria-label={t(`reaction.${key}`)}
              onClick={() => { actions.react(item, key); setOpen(null); }}
            >
              <span aria-hidden="true">{key}</span>
            </button>
          ))}
        </div>
      )}
      {open === 'more' && (
        <div className="tools" role="group" aria-label={t('stream.more')}>
          <Button small variant="tertiary" icon="Chat2" keys={['T']} onClick={() => actions.thread(item)}>{t('stream.thread')}</Button>
          {mayLift && !prompt && !item.note && <Button small variant="tertiary" icon="FileText" keys={['A']} onClick={() => actions.note(item)}>{t('note.write')}</Button>}
          <Button small variant="tertiary" icon="ClockDashed" keys={['H']} onClick={() => actions.history(item)}>{t('history.title')}</Button>
          {mayLift && item.replies && <Button small variant="tertiary" icon="SealCheckmark" keys={['Shift', 'T']} onClick={() => actions.liftThread(item.id)}>{t('stream.liftThread')}</Button>}
          {mayLift && <Button small variant="tertiary" icon="SealCheckmark" keys={['Shift', 'X']} onClick={() => actions.liftSpan(item)}>{t('stream.liftSpan')}</Button>}
          {own && <Button small variant="tertiary" icon="Pencil" keys={['E']} onClick={() => actions.edit(item)}>{t('stream.edit')}</Button>}
          {own && <Button small variant="tertiary" icon="Trash" onClick={() => actions.remove(item)}>{t('stream.remove')}</Button>}
          {canAssess && own && (
            <Button small variant="tertiary" icon="Paperplane" onClick={() => actions.markSent(item)}>{t('stream.markSent')}</Button>
          )}
        </div>
      )}
    </>
  );
}
