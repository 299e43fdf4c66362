import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Clock, InformationClass, Level } from '../api/types';
import { Icon, type IconName } from './Icon';

export type ItemState = 'working' | 'open' | 'registered' | 'kept' | 'trivial' | 'secret' | 'web' | 'down' | 'number';

const stateIcons: Record<ItemState, IconName> = {
  working: 'NotePencilDash', open: 'DoorOpen', registered: 'SealCheckmark', kept: 'Folder', trivial: 'MinusCircle',
  secret: 'EyeObfuscated', web: 'Globe', down: 'GlobeSlash', number: 'EyeSlash',
};

/** How an item stands: the more ink, the more record. Dashed is working material only, filled is registered only. */
export function StateChip({ state, children }: { state: ItemState; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <span className="chip level" data-level={state}>
      <Icon name={stateIcons[state]} /><span>{children ?? t(`state.${state}`)}</span>
    </span>
  );
}

/** A room's level; what is said in it has states of its own. */
export function RoomLevelChip({ level, parties }: { level: Level; parties: number }) {
  const { t } = useTranslation();
  if (level === 'within') return <StateChip state="working" />;
  const words = level === 'open' ? t('level.open') : t('level.shared', { count: parties, number: t(`number.${parties}`, { defaultValue: String(parties) }) });
  return (
    <span className="chip roomlevel" data-room={level}>
      <Icon name={level === 'open' ? 'DoorOpen' : 'Handshake'} /><span>{words}</span>
    </span>
  );
}

const clockData: Record<Clock, string> = { none: '', calm: '', today: 'soon', late: 'late' };
const clockShare: Record<Clock, number> = { none: 0, calm: 25, today: 75, late: 100 };

/** The pie alone, for places where the words stand beside it. */
export function ClockPie({ share }: { share: number }) {
  return <span className="pie" style={{ ['--share' as string]: `${share}%` }} aria-hidden="true" />;
}

/** The legal clock. The words carry it, the pie is the second signal: it reads in black and white. */
export function ClockChip({ clock, children }: { clock: Clock; children: ReactNode }) {
  return (
    <span className="chip clock" data-clock={clockData[clock]}>
      <ClockPie share={clockShare[clock]} /><span>{children}</span>
    </span>
  );
}

export function clockPieShare(clock: Clock): number {
  return clockShare[clock];
}

const bars: Record<InformationClass, number> = { open: 1, internal: 2, sensitive: 3 };

/** Information class: one, two or three bars, so that it reads without colour. */
export function ClassChip({ informationClass }: { informationClass: InformationClass }) {
  const { t } = useTranslation();
  return (
    <span className="chip infoclass" data-class={informationClass}>
      <span className="bars" aria-hidden="true">
        {[1, 2, 3].map((bar) => <i key={bar} className={bar <= bars[informationClass] ? 'on' : ''} />)}
      </span>
      <span><span className="ds-sr-only">{t('class.label')} </span>{t(`class.${informationClass}`)}</span>
    </span>
  );
}
