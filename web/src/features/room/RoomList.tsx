import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../shared/api/client';
import { useAuthorities } from '../../shared/api/me';
import type { Clock, Overview } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { useKeys } from '../../shared/keys/useKeys';
import { useMatrixValue } from '../../shared/matrix/react';
import { AuthorityMark } from '../../shared/ui/AuthorityMark';
import { ClockPie, clockPieShare } from '../../shared/ui/chips';
import { Icon, type IconName } from '../../shared/ui/Icon';
import { Link, paths } from '../../shared/ui/router';
import { groupRooms, type ListedRoom } from './grouping';

const rank: Clock[] = ['none', 'calm', 'today', 'late'];

/** The most urgent clock of each room; asked for slowly in the background, never in the way of the list itself. */
function useRoomClocks(ids: string[]): ReadonlyMap<string, Clock> {
  const api = useApi();
  const answers = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['overview', id],
      queryFn: () => api.get<Overview>(`rooms/${encodeURIComponent(id)}/overview`),
      staleTime: 60_000,
      retry: false,
    })),
  });
  const worst = answers.map((answer) =>
    (answer.data?.to_assess ?? []).reduce<Clock>(
      (most, { assessment }) => (rank.indexOf(assessment.clock) > rank.indexOf(most) ? assessment.clock : most), 'none'));
  const text = worst.join();
  return useMemo(
    () => new Map(ids.map((id, index) => [id, (text.split(',')[index] ?? 'none') as Clock])), [ids, text]);
}

function RoomLink({ room, current }: { room: ListedRoom; current: boolean }) {
  const { t } = useLanguage();
  const authorities = useAuthorities();
  const mark = room.group !== 'direct' && room.level === 'shared'
    ? authorities.find((authority) => authority.code === room.host)?.mark : undefined;
  const icon: IconName = room.group === 'direct' ? 'Person' : room.level === 'open' ? 'DoorOpen' : 'Chat2';
  return (
    <li>
      <Link
        href={paths.room(room.id)} className={`room-link ${room.unread ? 'unread' : ''}`}
        aria-current={current ? 'page' : undefined} data-region-focus={current ? '' : undefined}
      >
        {mark === undefined ? <Icon name={room.invite ? 'Handshake' : icon} /> : <AuthorityMark mark={mark} />}
        <span className="grow">{room.name}</span>
        {room.unread && <span className="ds-sr-only">{t('list.new')}</span>}
        {room.invite && <span className="chip">{t('list.invite')}</span>}
        {room.clock !== 'none' && (
          <><ClockPie share={clockPieShare(room.clock)} /><span className="ds-sr-only">{t('list.clock')}</span></>
        )}
      </Link>
    </li>
  );
}

/** All rooms in five groups; bold is something new, the pie is a clock, and there are no other counters. */
export function RoomList({ current }: { current: string | null }) {
  const { t, language } = useLanguage();
  const rooms = useMatrixValue((snapshot) => snapshot.rooms);
  const direct = useMatrixValue((snapshot) => snapshot.direct);
  const key = [...rooms.values()].filter((room) => room.membership === 'join').map((room) => room.id).join();
  const joined = useMemo(() => (key ? key.split(',') : []), [key]);
  const clocks = useRoomClocks(joined);
  const groups = groupRooms(rooms.values(), direct, clocks, language);
  const order = groups.flatMap((group) => group.rooms);
  const step = (by: number) => {
    const links = [...document.querySelectorAll<HTMLElement>('.list .room-link')];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  const onKeyDown = useKeys(t('list.title'), [
    { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => step(1) },
    { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => step(-1) },
  ]);
  return (
    <nav className="list" aria-label={t('list.title')} data-region="list" onKeyDown={onKeyDown}>
      <div className="list-head"><div className="row between"><span className="list-title">{t('list.title')}</span></div></div>
      <div className="list-body">
        {order.length === 0 && <p className="hint list-empty">{t('list.empty')}</p>}
        {groups.map(({ group, rooms: listed }) => (
          <section className="list-group" key={group}>
            <h2>{t(`list.${group}`)}</h2>
            <ul>{listed.map((room) => <RoomLink key={room.id} room={room} current={room.id === current} />)}</ul>
          </section>
        ))}
      </div>
    </nav>
  );
}

