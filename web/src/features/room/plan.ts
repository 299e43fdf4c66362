import type { Plan } from '../../shared/api/types';
import { type Room, stateOf } from '../../shared/matrix/rooms';

/**
 * The plan as the room's state says it: enough to sort the list before the server's own answer has come. What is in
 * force is the server's to say (`GET rooms/{id}/plan`).
 */
export function planInState(room: Room): Partial<Plan> | null {
  return (stateOf(room, 'org.torg.plan')?.content as Partial<Plan> | undefined) ?? null;
}
