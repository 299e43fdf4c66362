import { useQueries } from '@tanstack/react-query';
import { authoritiesWithRole, useMe } from '../../../shared/api/me';
import { useApi } from '../../../shared/api/client';
import type { CaseWithRecords, Overview } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import type { Room } from '../../../shared/matrix/rooms';
import { ClockChip } from '../../../shared/ui/chips';
import { Link, paths } from '../../../shared/ui/router';
import { useRequests } from '../api/desk';
import { useReview } from '../api/review';

/** What waits in a case: items of its rooms without a verdict, requests for its records, its closing review. */
export function CaseClocks({ found, rooms }: { found: CaseWithRecords; rooms: Room[] }) {
  const { t, words } = useLanguage();
  const api = useApi();
  const me = useMe();
  const overviews = useQueries({
    queries: rooms.map((room) => ({
      queryKey: ['overview', room.id],
      queryFn: () => api.get<Overview>(`rooms/${encodeURIComponent(room.id)}/overview`),
      staleTime: 30_000,
    })),
  });
  const registrar = authoritiesWithRole(me, 'registrar').filter((code) => code === found.authority);
  const requests = (useRequests(registrar).data ?? []).filter((one) => one.record?.number.startsWith(`${found.number}-`));
  const review = useReview(found.id, Boolean(found.closed_day)).data;
  const items = overviews.flatMap((one, index) => (one.data?.to_assess ?? [])
    .filter((line) => line.assessment.authority === found.authority)
    .map((line) => ({ ...line, room: rooms[index]?.id ?? '' })));
  const left = review?.state === 'open' ? review.left : 0;
  return (
    <section className="panel" aria-label={t('casePage.clocks')}>
      <header><h2>{t('casePage.clocks')}</h2></header>
      <div className="panel-body stack">
        {items.length + requests.length + left === 0 && <p className="quiet">{t('casePage.noClocks')}</p>}
        {items.map((line) => (
          <div className="row between" key={`${line.room}${line.event_id}`}>
            <Link href={paths.roomAt(line.room, line.event_id)}>{t('casePage.unassessed', { title: line.title })}</Link>
            <ClockChip clock={line.assessment.clock}>{words(line.assessment.clock_text)}</ClockChip>
          </div>
        ))}
        {requests.map((one) => (
          <div className="row between" key={one.id}>
            <Link href={paths.requests}>{t('request.line')}: {one.text}</Link>
            {one.clock && <ClockChip clock={one.clock}>{words(one.clock_text)}</ClockChip>}
          </div>
        ))}
        {left > 0 && <div className="row between"><Link href={paths.desk}>{t('casePage.reviewWaits', { count: left })}</Link>{review?.clock && <ClockChip clock={review.clock}>{words(review.clock_text)}</ClockChip>}</div>}
      </div>
    </section>
  );
}
