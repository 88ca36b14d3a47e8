import type { ReasonCode } from '../reason.ts';

/** What a caller's words need, as the front desk is told: what it is, what people say, and what to do first. */
export interface NeedInWords {
  readonly need: Extract<ReasonCode, 'CRISIS' | 'EMERGENCY' | 'HUMAN_ASKED' | 'THERAPEUTIC_TALK'>;
  readonly title: string;
  readonly examples: readonly string[];
  readonly first: string;
}

/** The most urgent first. */
export const needsInWords: readonly NeedInWords[] = [
  {
    need: 'CRISIS',
    title: 'Suicide, self-harm, harm to others',
    examples: ["i don't want to live anymore", "i'm going to hurt myself", 'my son is suicidal'],
    first: 'Stay on the line. Ask where they are and whether they are safe. 988 for a crisis, 911 for danger now.',
  },
  {
    need: 'EMERGENCY',
    title: 'Somebody is in danger now',
    examples: ["i can't breathe", 'i have chest pain', "it won't stop bleeding"],
    first: 'Tell them to call 911, or call it for them. Then fetch a clinician.',
  },
  {
    need: 'HUMAN_ASKED',
    title: 'The caller asks for a person',
    examples: ['can i talk to a real person', 'representative', 'transfer me to the front desk'],
    first: 'Ask how you can help. They have just spoken with a machine.',
  },
  {
    need: 'THERAPEUTIC_TALK',
    title: 'Symptoms, feelings, advice',
    examples: ['i feel so hopeless', 'i had a panic attack this morning', 'should i stop taking my lexapro'],
    first: 'Listen, and bring in a clinician. The AI may not answer this.',
  },
];

/** What the AI is there for, in any practice. */
export const leftWithTheAi: readonly string[] = [
  'booking, moving and cancelling appointments',
  'opening hours, directions, prices, insurance and bills',
  'what the practice offers, and who does it',
];
