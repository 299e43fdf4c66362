import { useAuthorities } from '../../../shared/api/me';
import { useLanguage } from '../../../shared/i18n/i18n';
import { AuthorityMark } from '../../../shared/ui/AuthorityMark';
import { Icon } from '../../../shared/ui/Icon';

interface Props {
  codes: string[];
  /** One code per line of the list. */
  lines: string[];
  /** How many there are, when not all lines are here. */
  left?: { all: number; by: Record<string, number> } | undefined;
  chosen: string | null;
  onChoose: (code: string | null) => void;
  needsYou?: { count: number; more: boolean; on: boolean; onToggle: () => void };
}

/** Filter by board, each with its own series; and by what needs thought. */
export function Filters({ codes, lines, left, chosen, onChoose, needsYou }: Props) {
  const { t, words } = useLanguage();
  const authorities = useAuthorities();
  return (
    <div className="filters" role="group" aria-label={t('desk.show')} data-region="filters">
      <button type="button" className="pill" aria-pressed={chosen === null} onClick={() => onChoose(null)}>{t('desk.all')} <span className="num">{left?.all ?? lines.length}</span></button>
      {codes.length > 1 && codes.map((code) => {
        const authority = authorities.find((one) => one.code === code);
        return (
          <button key={code} type="button" className="pill" aria-pressed={chosen === code} onClick={() => onChoose(chosen === code ? null : code)}>
            <AuthorityMark mark={authority?.mark} />{words(authority?.name) || code} <span className="num">{left ? left.by[code] ?? 0 : lines.filter((one) => one === code).length}</span>
          </button>
        );
      })}
      {needsYou && (
        <button type="button" className="pill" aria-pressed={needsYou.on} onClick={needsYou.onToggle}>
          <Icon name="ExclamationmarkTriangle" />{t('desk.needsYou')} <span className="num">{needsYou.count}{needsYou.more && '+'}</span>
        </button>
      )}
    </div>
  );
}
