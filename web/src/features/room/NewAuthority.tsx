import { useId } from 'react';
import type { DirectoryPerson } from '../../shared/api/types';
import { formatCount, formatDate, formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useMatrix } from '../../shared/matrix/react';
import type { Visible } from './api';

interface Props {
  name: string;
  openHistory: boolean;
  posts: Visible[] | undefined;
  directory: ReadonlyMap<string, DirectoryPerson>;
  understood: boolean;
  onUnderstood: (understood: boolean) => void;
}

/** Opening a room to another authority: what becomes sent and received is shown before it is done (R9). */
export function NewAuthority({ name, openHistory, posts, directory, understood, onUnderstood }: Props) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const id = useId();
  const files = posts?.filter((one) => one.file).length ?? 0;
  const counts = { name, posts: formatCount((posts?.length ?? 0) - files, language), files: formatCount(files, language) };
  return (
    <fieldset className="plain stack">
      <legend>{t('inviting.newTitle', { name })}</legend>
      <label className="check">
        <input type="radio" className="ds-input" name={id} checked={!openHistory} disabled={openHistory} readOnly />
        <span>{t('inviting.fromNow')}<small>{t(openHistory ? 'inviting.fromNowNot' : 'inviting.fromNowNote', { name })}</small></span>
      </label>
      {openHistory && (
        <>
          <label className="check">
            <input type="radio" className="ds-input" name={id} checked readOnly />
            <span>{t('inviting.history')}<small>{posts ? t('inviting.historyNote', counts) : t('inviting.counting')}</small></span>
          </label>
          {posts && posts.length > 0 && (
            <details>
              <summary>{t('inviting.show')}</summary>
              <ul className="plain-list stack tight visible-posts" tabIndex={0} aria-label={t('inviting.show')}>
                {posts.map((one) => (
                  <li key={one.id} className="small-text"><span className="quiet">{formatDate(one.at, language, http.now())} {formatTime(one.at, language)}, {directory.get(one.sender)?.name ?? one.sender}:</span> {one.text}</li>
                ))}
              </ul>
            </details>
          )}
          <label className="check">
            <input type="checkbox" className="ds-input" checked={understood} onChange={(event) => onUnderstood(event.target.checked)} />
            <span>{t('inviting.understood')}</span>
          </label>
        </>
      )}
    </fieldset>
  );
}
