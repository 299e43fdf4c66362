import { type WaitingLift as Lift, waitingLifts } from '../../shared/api/waitingLifts';
import { useLanguage } from '../../shared/i18n/i18n';
import { Button } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';

/** A lift that is kept here until the network is back; it looks like nothing registered, because nothing is. */
export function WaitingLift({ lift, active }: { lift: Lift; active: boolean }) {
  const { t } = useLanguage();
  return (
    <span className="undo">
      {lift.problem
        ? <span className="problem small-text" role="alert"><Icon name="ExclamationmarkTriangle" />{t('lift.notLifted', { why: lift.problem })}</span>
        : <span className="chip waiting"><Icon name="ClockDashed" /><span>{t('lift.waiting')}</span></span>}
      <Button variant="tertiary" color="neutral" small keys={['Z']} onClick={() => waitingLifts.remove(lift.request.key)} tabIndex={active ? 0 : -1}>
        {lift.problem ? t('lift.dismiss') : t('undo')}
      </Button>
    </span>
  );
}
