import { useEffect, useRef } from 'react';
import { useLanguage } from '../../shared/i18n/i18n';
import { useKeys } from '../../shared/keys/useKeys';
import type { SharedFor } from '../../shared/matrix/items';
import { Button } from '../../shared/ui/Button';

interface Props {
  names: string[];
  onChoose: (sharedFor: SharedFor) => void;
  onCancel: () => void;
}

/** Before a file reaches another authority: for comments it stays working material, for information it is sent (R11). */
export function SharedForAsk({ names, onChoose, onCancel }: Props) {
  const { t, language } = useLanguage();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const onKeyDown = useKeys(t('sharing.title'), [
    { keys: ['1'], label: t('sharing.comments'), run: () => onChoose('comments') },
    { keys: ['2'], label: t('sharing.information'), run: () => onChoose('information') },
    { keys: ['Escape'], label: t('cancel'), run: onCancel },
  ]);
  const files = new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
  return (
    <div className="sharing" role="group" aria-label={t('sharing.title')} onKeyDown={onKeyDown}>
      <p><b>{t('sharing.ask', { files })}</b></p>
      <ul className="plain-list">
        <li><Button small variant="secondary" keys={['1']} ref={first} onClick={() => onChoose('comments')}>{t('sharing.comments')}</Button><span>{t('sharing.commentsNote')}</span></li>
        <li><Button small variant="secondary" keys={['2']} onClick={() => onChoose('information')}>{t('sharing.information')}</Button><span>{t('sharing.informationNote')}</span></li>
      </ul>
      <p><Button small variant="tertiary" color="neutral" keys={['Esc']} onClick={onCancel}>{t('cancel')}</Button></p>
    </div>
  );
}
