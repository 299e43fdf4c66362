import type { Authority, Plan } from '../../shared/api/types';
import { useCaseMarks } from '../../shared/api/secrecy';
import { useLanguage } from '../../shared/i18n/i18n';
import { AuthorityMark } from '../../shared/ui/AuthorityMark';
import { ClassChip, RoomLevelChip } from '../../shared/ui/chips';
import { IconButton } from '../../shared/ui/Button';
import { SecrecyChip } from '../../shared/ui/SecrecyChip';
import { Link, paths } from '../../shared/ui/router';

interface Props {
  name: string;
  plan: Partial<Plan> | null;
  waitingFor: string[];
  authorities: Authority[];
  sideOpen: boolean;
  onToggleSide: () => void;
}

/** Name, class, level and plan: what one must know about a room before one writes in it. */
export function RoomHead({ name, plan, waitingFor, authorities, sideOpen, onToggleSide }: Props) {
  const { t, words } = useLanguage();
  const marks = useCaseMarks(plan?.case?.id);
  const known = (code: string | undefined) => authorities.find((authority) => authority.code === code);
  const host = known(plan?.host);
  const others = (plan?.parties ?? []).filter((code) => code !== plan?.host);
  return (
    <header className="room-head">
      <div className="row">
        <h1 className="grow">{name}</h1>
        <IconButton
          label={sideOpen ? t('room.hidePanel') : t('room.showPanel')} icon="SidebarRight" aria-pressed={sideOpen}
          onClick={onToggleSide}
        />
      </div>
      <p className="plan-line">
        {marks?.ofCase && <SecrecyChip marking={marks.ofCase} />}
        {plan?.class && <ClassChip informationClass={plan.class} />}
        <RoomLevelChip level={plan?.level ?? 'within'} parties={plan?.parties?.length ?? 1} />
        {plan?.case?.number && <span>{t('room.case')} <Link href={paths.case(plan.case.id)}><b className="num">{plan.case.number}</b></Link></span>}
      </p>
      {host && plan?.level === 'shared' && (
        <p className="plan-line">
          <span className="org"><AuthorityMark mark={host.mark} />
            <span><b>{words(host.name)}</b> {plan.registers === plan.host ? t('room.hostRegisters') : t('room.host')}</span>
          </span>
          <span className="dot" />
          {others.map((code) => {
            const authority = known(code);
            return <span className="org" key={code}><AuthorityMark mark={authority?.mark} />{words(authority?.name) || code}</span>;
          })}
        </p>
      )}
      {waitingFor.length > 0 && (
        <p className="plan-line">
          {waitingFor.map((code) => t('room.waitingFor', { name: words(known(code)?.name) || code })).join(' ')}
        </p>
      )}
      <nav className="tabs" aria-label={t('room.tabs')}>
        <a href="#stream" aria-current="page">{t('room.talk')}</a>
      </nav>
    </header>
  );
}
