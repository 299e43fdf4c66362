import { useId } from 'react';
import type { ClosingReview, ReviewVerdict } from '../../../shared/api/types';
import { formatDate, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';

const verdicts: ReviewVerdict[] = ['working', 'record'];

interface Props {
  items: ClosingReview['items'];
  changed: Record<string, ReviewVerdict>;
  onChange: (changed: Record<string, ReviewVerdict>) => void;
}

/** What is still working in the rooms of a case, each with what it seems to be (R13). */
export function ReviewItems({ items, changed, onChange }: Props) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const id = useId();
  return (
    <ul className="plain-list stack">
      {items.map((item, index) => (
        <li key={item.event_id}>
          <div className="quote"><p>{item.text || item.attachments.join(', ')}</p><footer>{item.sender}, {formatDate(item.at, language, http.now())} {formatTime(item.at, language)}</footer></div>
          <fieldset className="row wrap plain">
            <legend className="ds-sr-only">{t('review.item', { number: index + 1 })}</legend>
            {verdicts.map((verdict) => (
              <label key={verdict} className="row">
                <input
                  type="radio" className="ds-input" name={`${id}${item.event_id}`} checked={(changed[item.event_id] ?? item.suggested) === verdict}
                  onChange={() => onChange({ ...changed, [item.event_id]: verdict })}
                />
                {t(`review.${verdict}`)}
              </label>
            ))}
          </fieldset>
        </li>
      ))}
    </ul>
  );
}

/** What each item becomes: what the person chose, else what Torg suggests. */
export function reviewOf(items: ClosingReview['items'], changed: Record<string, ReviewVerdict>): Record<string, ReviewVerdict> {
  return Object.fromEntries(items.map((item) => [item.event_id, changed[item.event_id] ?? item.suggested]));
}
