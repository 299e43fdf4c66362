import type { Handling, Verdict, Words } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import type { IconName } from '../../../shared/ui/Icon';

export type Choice = 'register' | Verdict;

export const choiceDigits: [Choice, string, IconName][] = [
  ['register', '1', 'SealCheckmark'], ['kept_ordered', '2', 'Folder'], ['trivial', '3', 'MinusCircle'],
  ['working', '4', 'NotePencilDash'], ['already_registered', '5', 'Files'],
];

interface Rules {
  allowed: (Handling | 'already_registered')[];
  refused: { handling: Handling | 'already_registered'; why: Words }[];
}

export function isAllowed(choice: Choice, rules: Rules): boolean {
  // That it is registered already is a fact, not a choice of the rules: offered unless it is refused.
  if (choice === 'already_registered') return !rules.refused.some((one) => one.handling === choice) && rules.allowed.length > 0;
  return rules.allowed.includes(choice === 'register' ? 'registered' : choice);
}

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
