import type { View } from './recognizer.ts';

/** Words of what was, of a birth or a due date. */
const told = new Set(
  `was were had since back did started happened began been went got came saw born due birthday surgery fell died diagnosed moved quit stopped ended expires turned
turns i've we've she's lost felt broke hurt hospitalized admitted discharged delivered married divorced retired graduated noticed throughout pregnant injured anniversary wedding
last recheck appointment came underwent stayed flew visited having operation procedure lived finished became passed broke crashed wrecked woke collapsed bled overdosed relapsed
removed buried conceived miscarried vaccinated tested retired enlisted flared swelled fainted seized caught threw relapse od'd`.split(
    /\s+/,
  ),
);
/** "my wedding is the second saturday in june": days of somebody that are still to come. */
const ownDays = new Set(
  'wedding birthday anniversary surgery operation graduation funeral christening shower retirement'.split(' '),
);
/** Words of what is looked for or offered. */
const scheduling = new Set(
  `anything available availability openings opening slots slot any free book schedule booked booking open how about offer special price prices cost sale promotion promo
can could would do does are is when until weather works rather prefer hours like want wait busy`.split(/\s+/),
);
/** Does the sentence tell of something that happened to somebody, before the token? */
export function tells(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 14; back -= 1) {
    const { lower } = view.token(back);
    if (['.', '?', '!'].includes(lower)) return false;
    if ((lower === 'is' || lower === "'s") && ownDays.has(view.token(back - 1).lower)) return true;
    if (told.has(lower)) return !asksBefore(view, back);
    if (scheduling.has(lower)) return false;
  }
  return false;
}

/** "do you have an appointment in june". */
function asksBefore(view: View, at: number): boolean {
  for (let back = at - 1; back >= at - 6; back -= 1)
    if (
      ['anything', 'openings', 'available', 'can', 'could', 'book', 'schedule', 'an'].includes(view.token(back).lower)
    )
      return true;
  return false;
}
