import { useLanguage } from '../i18n/i18n';
import { useSlow } from './useSlow';

/** Says that something is being fetched, when it has taken longer than a moment. */
export function Waiting({ on, text }: { on: boolean; text?: string }) {
  const { t } = useLanguage();
  return useSlow(on) ? <p className="hint quiet" role="status">{text ?? t('fetching')}</p> : null;
}
