import type { Handling, Verdict, Words } from '../../shared/api/types';
import type { IconName } from '../../shared/ui/Icon';

export type Choice = 'register' | Verdict;

/** The same digits everywhere: in the room, on the desk, in manual entry and for many at once. */
export const choiceDigits: [Choice, string, IconName][] = [
  ['register', '1', 'SealCheckmark'], ['kept_ordered', '2', 'Folder'], ['trivial', '3', 'MinusCircle'],
  ['working', '4', 'NotePencilDash'], ['already_registered', '5', 'Files'],
];

export interface Rules {
  allowed: (Handling | 'already_registered')[];
  refused: { handling: Handling | 'already_registered'; why: Words }[];
}

export function isAllowed(choice: Choice, rules: Rules): boolean {
  // That it is registered already is a fact, not a choice of the rules: offered unless it is refused.
  if (choice === 'already_registered') return !rules.refused.some((one) => one.handling === choice) && rules.allowed.length > 0;
  return rules.allowed.includes(choice === 'register' ? 'registered' : choice);
}

/** One choice for many items: offered when the rules allow it for every one, else how many stop it, and why the first does. */
export interface SharedChoice { choice: Choice; stopped: number; why: Words | null }

export function choicesForAll(all: Rules[]): SharedChoice[] {
  return choiceDigits.map(([choice]) => {
    const stops = all.filter((rules) => !isAllowed(choice, rules));
    const why = stops.flatMap((rules) => rules.refused.filter((one) => one.handling === choice).map((one) => one.why))[0] ?? null;
    return { choice, stopped: stops.length, why };
  });
}
