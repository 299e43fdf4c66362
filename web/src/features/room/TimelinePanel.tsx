import { useEffect, useRef } from 'react';
import type { Authority } from '../../shared/api/types';
import { formatDate, formatTime } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { useKeys } from '../../shared/keys/useKeys';
import { useMatrix } from '../../shared/matrix/react';
import { AuthorityMark } from '../../shared/ui/AuthorityMark';
import { IconButton } from '../../shared/ui/Button';
import { StateChip } from '../../shared/ui/chips';
import { Fault } from '../../shared/ui/Fault';
import { Icon, type IconName } from '../../shared/ui/Icon';
import { useSlow } from '../../shared/ui/useSlow';
import { type ItemSteps, useItemTimeline } from './api';

interface Props {
  roomId: string;
  eventId: string;
  title: string;
  authorities: Authority[];
  onClose: () => void;
}

/** What a post has been for each authority that takes part: drawn up, sent, received, registered, and when (R12). */
export function TimelinePanel({ roomId, eventId, title, authorities, onClose }: Props) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const panel = useRef<HTMLElement>(null);
  const answer = useItemTimeline(roomId, eventId);
  const slow = useSlow(answer.isPending);
  const onKeyDown = useKeys(t('history.title'), [{ keys: ['Escape'], label: t('close'), run: onClose }]);
  useEffect(() => panel.current?.querySelector<HTMLElement>('.side-body')?.focus(), []);
  const name = (code: string | null) => words(authorities.find((one) => one.code === code)?.name) || (code ?? t('history.outsider'));
  const at = (moment: number) => `${formatDate(moment, language, http.now())} ${formatTime(moment, language)}`;
  const found = answer.data;
  return (
    <aside className="side" aria-label={t('history.title')} data-region="side" ref={panel} onKeyDown={onKeyDown}>
      <div className="side-head"><h2>{title.slice(0, 60)}</h2><IconButton label={t('close')} icon="XMark" onClick={onClose} /></div>
      <div className="side-body" tabIndex={0} role="region" aria-label={t('history.title')}>
        {answer.isError && <Fault error={answer.error} onRetry={() => void answer.refetch()} />}
        {slow && <p className="quiet" role="status">{t('history.fetching')}</p>}
        {found && (
          <p className="small-text quiet">
            {t('history.written', { name: name(found.written_by), when: at(found.written_at) })} {found.registers && t('history.registers', { name: name(found.registers) })}
          </p>
        )}
        {found?.authorities.length === 0 && <p><StateChip state="working" /> {t('history.nothing')}</p>}
        {found?.authorities.map((one) => (
          <section key={one.authority} aria-label={name(one.authority)}>
            <h3 className="row"><AuthorityMark mark={authorities.find((known) => known.code === one.authority)?.mark} />{name(one.authority)}</h3>
            {one.working && <p><StateChip state="working" /></p>}
            <ol className="time-line">
              {stepsOf(one).map((step) => (
                <li key={step.what}><Icon name={step.icon} />{t(`history.${step.what}`)}{step.number && <> <b className="num">{step.number}</b></>}<small>{at(step.at)}{step.rule && ` · ${step.rule}`}</small></li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </aside>
  );
}

interface Step { what: 'drawn_up' | 'sent' | 'received' | 'registered'; at: number; icon: IconName; rule?: string; number?: string }

function stepsOf(one: ItemSteps): Step[] {
  const steps: Step[] = [];
  if (one.drawn_up) steps.push({ what: 'drawn_up', icon: 'Pencil', ...one.drawn_up });
  if (one.sent) steps.push({ what: 'sent', icon: 'InboxUp', ...one.sent });
  if (one.received) steps.push({ what: 'received', icon: 'InboxDown', ...one.received });
  if (one.registered) steps.push({ what: 'registered', icon: 'SealCheckmark', ...one.registered });
  return steps.sort((a, b) => a.at - b.at);
}
