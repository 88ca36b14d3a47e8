import type { ReasonCode } from '../reason.ts';

/** Read aloud with pauses between the digits. 988 is nationwide since 2022: call or text, day and night. */
const crisisAid =
  'If you are in crisis or thinking about suicide, you can call or text 9 8 8 at any time, day or night. If you or somebody else is in danger right now, hang up and call 9 1 1.';
const emergencyAid = 'If somebody is in danger right now, hang up and call 9 1 1.';

/** What is said before a person answers, where minutes count: nobody may wait in a queue without these words. */
export function aidFor(reason: ReasonCode): string | undefined {
  if (reason === 'CRISIS') return crisisAid;
  return reason === 'EMERGENCY' ? emergencyAid : undefined;
}
