import { useCallback, useEffect, useMemo } from 'react';
import type { QueueLine } from '../../shared/api/types';
import { dayOf } from '../../shared/format/dates';
import { useMatrix } from '../../shared/matrix/react';
import { useQueue, useQueueCounts } from './api/desk';
import { groupQueue, type QueueFilter } from './queue';
import type { useVerdicts } from './useVerdicts';

/**
 * The lines of the desk as they are shown: the pages that are here, without those just settled, with those that are
 * kept for a while longer. When not all pages are here a board is asked for by itself.
 */
export function useQueueList(
  codes: string[], filter: QueueFilter, verdicts: Pick<ReturnType<typeof useVerdicts>, 'gone' | 'reopened'>,
  telling: QueueLine | null, putOff: ReadonlySet<string>,
) {
  const { http } = useMatrix();
  const whole = useQueue(codes);
  const partly = whole.hasNextPage;
  const counts = useQueueCounts(codes, partly);
  const queue = useQueue(partly && filter.authority ? [filter.authority] : codes);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = queue;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const lines = useMemo(() => {
    const known = (queue.data?.lines ?? []).filter((line) => !verdicts.gone.has(String(line.id)) && line.assessment.intent?.state !== 'pending');
    const ids = new Set(known.map((line) => line.id));
    const kept = telling ? [...verdicts.reopened, telling] : verdicts.reopened;
    return [...known, ...kept.filter((line) => !ids.has(line.id))];
  }, [queue.data, verdicts.gone, verdicts.reopened, telling]);
  const groups = groupQueue(lines, filter, dayOf(http.now()), putOff);
  const order = groups.flatMap((group) => group.lines.map((line) => String(line.id)));

  // Everything that was here is settled, and there is more.
  const emptied = queue.data !== undefined && order.length === 0 && hasNextPage;
  useEffect(() => { if (emptied) loadMore(); }, [emptied, loadMore]);
  return { queue, whole, lines, groups, order, partly: hasNextPage, counts, emptied, loadMore };
}
