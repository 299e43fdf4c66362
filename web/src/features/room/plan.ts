import type { TFunction } from 'i18next';
import type { Plan } from '../../shared/api/types';
import { type Room, stateOf } from '../../shared/matrix/rooms';

/**
 * The plan as the room's state says it: enough to sort the list before the server's own answer has come. What is in
 * force is the server's to say (`GET rooms/{id}/plan`).
 */
export function planInState(room: Room): Partial<Plan> | null {
  return (stateOf(room, 'org.torg.plan')?.content as Partial<Plan> | undefined) ?? null;
}

export interface PlanChange { what: string; from: string; to: string }

/** What a proposal changes, in words, before it is sent. */
export function planChanges(before: Partial<Plan>, draft: Partial<Plan>, t: TFunction): PlanChange[] {
  const shown = (plan: Partial<Plan>) => ({
    purpose: plan.purpose ?? '', class: plan.class ? t(`class.${plan.class}`) : '',
    weed_after_days: String(plan.weed_after_days ?? ''), dispose_after_days: String(plan.dispose_after_days ?? ''),
  });
  const labels = { purpose: t('plan.purpose'), class: t('class.label'), weed_after_days: t('planPage.weed'), dispose_after_days: t('planPage.dispose') };
  const old = shown(before);
  const next = shown({ ...before, ...draft });
  return (Object.keys(labels) as (keyof typeof labels)[])
    .filter((field) => old[field] !== next[field])
    .map((field) => ({ what: labels[field], from: old[field], to: next[field] }));
}
