import type { RegisteredRecord } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Icon } from '../../../shared/ui/Icon';

/** Whether the readable copy is there; nothing is said of one that is, or of a record made elsewhere. It never stops a registration. */
export function RenditionNote({ rendition, whole = false }: { rendition: RegisteredRecord['rendition']; whole?: boolean }) {
  const { t } = useLanguage();
  if (rendition === 'done' || rendition === 'none') return null;
  return (
    <span className="row small-text rendition" data-rendition={rendition}>
      <Icon name={rendition === 'waiting' ? 'ClockDashed' : 'ExclamationmarkTriangle'} />
      <span>{t(whole ? `rendition.${rendition}Text` : `rendition.${rendition}`)}</span>
    </span>
  );
}
