/** The planted caller of the demo: if any part of these comes out anywhere it should not, that is a leak. */
export const canary = {
  name: 'zephyrine quillfeather',
  callerName: 'QUILLFEATHER Z',
  number: '+15125550143',
  words: [
    'zephyrine',
    'quillfeather',
    '5125550143',
    '512-555-0143',
    'five one two five five five oh one four three',
    'march third',
  ],
} as const;

export interface BookingTurn {
  readonly caller: string;
  /** What the demo vendor answers when it reads something like this turn. */
  readonly agent: string;
}

/** A med-spa booking as a caller says it and a speech recogniser writes it: lower case, numbers in words. */
export const booking: readonly BookingTurn[] = [
  {
    caller: "hi it's zephyrine quillfeather about my botox on tuesday",
    agent: 'Of course. What would you like to change?',
  },
  {
    caller: 'could i move it to thursday afternoon instead',
    agent: 'Thursday is possible. What is your phone number?',
  },
  { caller: 'sure it is five one two five five five oh one four three', agent: 'Thank you. And your date of birth?' },
  { caller: 'march third nineteen eighty four', agent: 'Got it. Which email should the confirmation go to?' },
  { caller: 'z dot quillfeather at gmail dot com', agent: 'Thank you. Do you have your member number?' },
  { caller: 'yes the member id is k p seven seven one four nine two', agent: 'And the address on file?' },
  {
    caller: 'forty two thornbury crescent austin seven eight seven oh four',
    agent: 'Thank you. Anything about the treatment?',
  },
  {
    caller: 'last time i had twenty units in the forehead how much is that now',
    agent: 'Units are priced the same as last spring.',
  },
  { caller: 'okay and can my sister ottoline come with me', agent: 'Yes, guests are welcome.' },
  { caller: 'great can you text me at the number i gave you', agent: 'We will text you.' },
  { caller: "no sorry not oh one four three it's oh one four seven", agent: 'I have changed it.' },
  { caller: 'perfect thank you see you thursday', agent: 'See you on Thursday at two.' },
];

/** Answers by the order of the conversation as far as it can be told from the words that reach the vendor. */
export function answerTo(prompt: string): string {
  const words = new Set(prompt.toLowerCase().match(/[a-z']+/gu) ?? []);
  let best = { score: 0, agent: 'Thank you.' };
  for (const turn of booking) {
    const score = (turn.caller.match(/[a-z']+/gu) ?? []).filter((word) => words.has(word)).length;
    if (score > best.score) best = { score, agent: turn.agent };
  }
  return best.agent;
}
