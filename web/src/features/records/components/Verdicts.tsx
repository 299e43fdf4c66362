import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { type Choice, choiceDigits, isAllowed, type Rules } from '../choices';

/** The verdicts with their digits; what the rules refuse is absent here and explained under the buttons. */
export function VerdictButtons({ rules, onChoose }: { rules: Rules; onChoose: (choice: Choice) => void }) {
  const { t } = useLanguage();
  return choiceDigits.filter(([choice]) => isAllowed(choice, rules)).map(([choice, digit, icon]) => (
    <Button
      key={choice} icon={icon} keys={[digit]} variant={choice === 'register' ? 'primary' : 'secondary'}
      color={choice === 'register' ? undefined : 'neutral'} onClick={() => onChoose(choice)}
    >
      {t(`verdict.${choice}`)}
    </Button>
  ));
}
