import { useEffect, useMemo, useRef, useState } from 'react';
import type { Authority, DirectoryPerson, InformationClass } from '../../shared/api/types';
import { formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { threadItems } from '../../shared/matrix/items';
import { memberOf, type Room } from '../../shared/matrix/rooms';
import { useKeys } from '../../shared/keys/useKeys';
import { Button, IconButton } from '../../shared/ui/Button';
import { Person } from '../../shared/ui/Person';
import { AttachmentButton } from './attachments';
import type { Mode } from './compose';
import { Composer } from './Composer';

interface Props {
  room: Room;
  root: string;
  informationClass: InformationClass | undefined;
  directory: ReadonlyMap<string, DirectoryPerson>;
  authorities: Authority[];
  /** The room is shared with other authorities. */
  shares: boolean;
  onLift: (() => void) | undefined;
  onClose: () => void;
}

/** One thread, in the side panel, so that nothing floats over its neighbours. */
export function ThreadPanel({ room, root, informationClass, directory, authorities, shares, onLift, onClose }: Props) {
  const { t, language } = useLanguage();
  const [mode, setMode] = useState<Mode>({ kind: 'write' });
  const items = useMemo(() => threadItems(room.timeline, root), [room.timeline, root]);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.querySelector('textarea')?.focus(), [root]);
  const latest = items.at(-1)?.id ?? root;
  const onKeyDown = useKeys(t('thread.title'), [
    ...(onLift ? [{ keys: ['L', 'Shift+T'], label: t('keys.liftThread'), run: onLift }] : []),
    { keys: ['Escape'], label: t('close'), run: onClose, inText: true },
  ]);
  return (
    <aside className="side" aria-label={t('thread.title')} data-region="side" ref={panel} onKeyDown={onKeyDown}>
      <div className="side-head">
        <h2>{t('thread.title')}</h2>
        {onLift && <Button small variant="secondary" icon="SealCheckmark" keys={['L']} onClick={onLift}>{t('stream.liftThread')}</Button>}
        <IconButton label={t('side.close')} icon="XMark" onClick={onClose} />
      </div>
      <ol className="side-body thread" tabIndex={0} aria-label={t('thread.title')}>
        {items.map((item) => {
          const person = directory.get(item.sender);
          const authority = authorities.find((one) => one.code === person?.authority);
          const name = person?.name ?? memberOf(room, item.sender).name;
          return (
            <li key={item.transactionId ?? item.id} className="msg">
              <Person name={name} mark={authority?.mark} tiny />
              <div>
                <div className="msg-meta"><b>{name}</b><time dateTime={new Date(item.at).toISOString()}>{formatTime(item.at, language)}</time></div>
                <p className="msg-text">{item.redacted ? t('stream.removed') : item.text}</p>
                {item.attachment && <AttachmentButton file={item.attachment} tabbable />}
              </div>
            </li>
          );
        })}
      </ol>
      <Composer roomId={room.id} informationClass={informationClass} shares={shares} mode={mode} onMode={setMode} onLeave={() => undefined} thread={{ root, latest }} />
    </aside>
  );
}
