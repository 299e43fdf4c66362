import type { TFunction } from 'i18next';
import { useAuthority } from '../../../shared/api/me';
import type { QueueLine } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { ClockChip } from '../../../shared/ui/chips';
import { Icon, type IconName } from '../../../shared/ui/Icon';
import { RequestClocks } from './RequestCard';

const kinds: Record<QueueLine['kind'], IconName> = {
  chat: 'Chat2', mail: 'EnvelopeClosed', file: 'FileText', question: 'QuestionmarkCircle', request: 'InboxUp',
  review: 'Archive',
};

/** From whom and to which case; which record is wanted; what is left of a review. */
function about(line: QueueLine, t: TFunction): string {
  if (line.request) return [t('request.line'), line.request.record?.number].filter(Boolean).join(' · ');
  if (line.kind === 'review') return `${t('review.line', { count: line.left ?? 0 })} · ${line.case?.number ?? ''}`;
  return `${line.party} → ${line.case?.number ? `${line.case.number} ${line.case.title}` : t('desk.suggestNew')}`;
}

/** A line of the queue: what, from whom, to which case, and when. */
export function QueueRow({ line, title, back }: { line: QueueLine; title: string; back?: string | undefined }) {
  const { t, words } = useLanguage();
  const authority = useAuthority(line.authority);
  return (
    <>
      <Icon name={kinds[line.kind]} />
      <b>{title}</b>
      <small className="board"><AuthorityMark mark={authority?.mark} />{line.authority} · {about(line, t)}</small>
      {back && <span className="need problem"><Icon name="ExclamationmarkTriangle" />{back}</span>}
      {line.needs_you && !back && (
        <span className="need"><Icon name="ExclamationmarkTriangle" /><b>{t('desk.needs')}</b> {words(line.needs_you)}</span>
      )}
      {line.request ? <RequestClocks request={line.request} /> : <ClockChip clock={line.assessment.clock}>{words(line.assessment.clock_text)}</ClockChip>}
    </>
  );
}

export function QueueSource({ line }: { line: QueueLine }) {
  const { t, words } = useLanguage();
  const where = words(line.source.where);
  return (
    <div className="quote">
      <p>{line.source.text}</p>
      {line.source.attachments.map((file) => <p className="row" key={file.name}><Icon name="FilePdf" />{file.name}</p>)}
      {line.source.removed_by_author && <p className="quiet small-text">{t('desk.removedByAuthor')}</p>}
      <footer>{[line.source.sender, where].filter(Boolean).join(', ')}</footer>
    </div>
  );
}
