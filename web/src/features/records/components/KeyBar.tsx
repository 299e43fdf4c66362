import { useLanguage } from '../../../shared/i18n/i18n';
import { KeyHint } from '../../../shared/ui/KeyHint';

/** The few keys of a list, always in sight. */
export function KeyBar({ keys }: { keys: [string[], string][] }) {
  const { t } = useLanguage();
  return (
    <div className="keybar">
      {keys.map(([names, text]) => <span key={text}><KeyHint keys={names} /> {text}</span>)}
      <span className="last"><KeyHint keys={['?']} /> {t('desk.keysAll')}</span>
    </div>
  );
}
