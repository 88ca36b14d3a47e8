import type { Cue } from './lexicon/cues.ts';
import { cueWords } from './lexicon/cues.ts';
import { Flag } from './lexicon/flags.ts';
import type { Run, View } from './recognizer.ts';

/** Words that may stand between a kind and its value: "my cell is", "reach me at", "card ending in". */
const path = new Set(
  `is 's number numbers no num # : the my your her his their our its it it's that that's this in with as at on to me us him them you back anytime any time or of and
ending ends end last four digits digit are was would be should says reads id ids code card line first - , ( um uh er so like okay yeah directly here there instead please
goes by starts starting begins beginning starting currently still just actually same new old other home work office cell mobile best one under which ' = same " . \u2026`.split(
    /\s+/,
  ),
);

/** What the words around a run call it: the nearest before it in the sentence, else "... is my cell" after it. */
export function cueOf(view: View, run: Run): Cue | undefined {
  let general: Cue | undefined;
  const far = run.code.length >= 7 || (run.letters >= 2 && run.digits.length >= 2);
  for (let at = run.start - 1; at >= run.start - 10; at -= 1) {
    const flags = view.flags(at);
    const { lower } = view.token(at);
    if ((flags & Flag.end) !== 0 || (isStop(lower) && !(view.before?.end === at))) break;
    if ((flags & Flag.cue) !== 0) {
      const cue = cueWords.get(lower);
      if (cue !== 'NUMBER') return cue;
      general = cue;
    } else if (!far && !path.has(lower) && (flags & Flag.filler) === 0) break;
  }
  return general ?? cueAfter(view, run);
}

function isStop(mark: string): boolean {
  return mark === '.' || mark === '?' || mark === '!' || mark === ';';
}

const links = new Set(['is', "'s", "that's", 'was', 'as', 'for', 'would', 'be', 'on']);

function cueAfter(view: View, run: Run): Cue | undefined {
  if (!links.has(view.token(run.end).lower)) return undefined;
  let general: Cue | undefined;
  for (let at = run.end + 1; at <= run.end + 5; at += 1) {
    if ((view.flags(at) & (Flag.end | Flag.punct)) !== 0) break;
    const cue = cueWords.get(view.token(at).lower);
    if (cue !== undefined && cue !== 'NUMBER') return cue;
    general ??= cue;
  }
  return general;
}
