import { useLanguage } from '../i18n/i18n';
import { ApiError, OfflineError } from '../matrix/types';
import { Button } from './Button';

/** What went wrong, in words: what happened to the person's work, what we do, what she can do. */
export function useFaultText(): (error: unknown) => string {
  const { t, words } = useLanguage();
  return (error) => {
    if (error instanceof OfflineError) return t('fault.offline');
    if (error instanceof ApiError) {
      const why = error.body.why ?? error.body.rule_text;
      if (why && typeof why === 'object') return words(why as { sv: string; en: string });
      if (error.code === 'M_FORBIDDEN') return t('fault.forbidden');
      if (error.code === 'M_LIMIT_EXCEEDED') return t('fault.limit');
      if (error.status < 500 && error.message) return error.message;
    }
    return t('fault.server');
  };
}

/** `text` instead of the general words, where the place knows better. */
export function Fault({ error, text: own, onRetry }: { error: unknown; text?: string | undefined; onRetry?: () => void }) {
  const { t } = useLanguage();
  const text = useFaultText();
  return (
    <div className="ds-alert" data-color="danger" role="alert">
      <p>{own ?? text(error)}</p>
      {onRetry && <Button variant="secondary" small onClick={onRetry}>{t('fault.retry')}</Button>}
    </div>
  );
}
