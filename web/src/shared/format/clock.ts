import type { TFunction } from 'i18next';
import type { Assessment } from '../api/types';
import { dayDistance, formatDate, formatTime, type Language } from './dates';

/** *Inkom 08.12 · bedöm senast i morgon*: since when the clock runs and when it should have stopped. */
export function clockSentence(assessment: Assessment, due: string, t: TFunction, language: Language, now: number): string {
  if (assessment.clock === 'late' || assessment.clock === 'none') return due;
  const time = formatTime(assessment.since, language);
  const distance = dayDistance(assessment.since, now);
  const when = distance === 'today' ? time
    : distance === 'yesterday' ? t('day.yesterdayAt', { time }) : `${formatDate(assessment.since, language, now)} ${time}`;
  const how = assessment.basis === 'received' || assessment.basis.startsWith('sent_and') ? 'received'
    : assessment.basis === 'drawn_up_sent' ? 'sent' : 'since';
  return t(`clock.${how}`, { when, due: due.charAt(0).toLocaleLowerCase(language) + due.slice(1) });
}
