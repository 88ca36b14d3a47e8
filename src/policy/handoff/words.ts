import { fold } from '../phi/fold.ts';

/** Words that a speaker strews in and that change nothing: "can i just please talk to, um, a person". */
const strewn: ReadonlySet<string> = new Set(
  'um umm uh uhh er erm eh hm hmm mm mhm ah oh just really actually honestly literally basically please so very super only even kinda porfavor'.split(
    ' ',
  ),
);

/** What speech-to-text writes in one word. Without an apostrophe only where the bare form is no other word. */
const contracted: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    im: 'i am',
    ive: 'i have',
    dont: 'do not',
    doesnt: 'does not',
    didnt: 'did not',
    isnt: 'is not',
    arent: 'are not',
    wasnt: 'was not',
    werent: 'were not',
    havent: 'have not',
    hasnt: 'has not',
    cant: 'can not',
    cannot: 'can not',
    couldnt: 'could not',
    wouldnt: 'would not',
    shouldnt: 'should not',
    wont: 'will not',
    "can't": 'can not',
    "won't": 'will not',
    "ain't": 'is not',
    gonna: 'going to',
    wanna: 'want to',
    gotta: 'got to',
    lemme: 'let me',
    gimme: 'give me',
    hes: 'he is',
    shes: 'she is',
    its: 'it is',
    thats: 'that is',
    whats: 'what is',
    theres: 'there is',
    theyre: 'they are',
    youre: 'you are',
    dr: 'doctor',
    ok: 'okay',
    cos: 'because',
    cuz: 'because',
  }).map(([short, long]) => [short, long.split(' ')]),
);

/** Endings behind an apostrophe. A possessive 's is read as "is", which no phrase minds. */
const endings: Readonly<Record<string, string>> = {
  t: 'not',
  m: 'am',
  s: 'is',
  d: 'would',
  re: 'are',
  ve: 'have',
  ll: 'will',
};

/**
 * The words of an utterance as they are compared with phrases: lower case, accents and punctuation gone, contractions
 * written out, fillers and stuttered words left out.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  const folded = fold(text);
  // Cut by hand: a match of all at once would hold as much again as the words.
  for (let at = 0; at < folded.length;) {
    const end = wordEnd(folded, at);
    if (end > at) addWritten(words, folded.slice(at, end));
    at = Math.max(end, at + 1);
  }
  return words;
}

/** The end of `[a-z0-9]+(?:'[a-z]+)*` at a place, or the place. */
function wordEnd(text: string, from: number): number {
  let end = from;
  while (isLetter(text.charCodeAt(end)) || isDigit(text.charCodeAt(end))) end += 1;
  while (end > from && text.charCodeAt(end) === apostrophe && isLetter(text.charCodeAt(end + 1))) {
    end += 2;
    while (isLetter(text.charCodeAt(end))) end += 1;
  }
  return end;
}

const apostrophe = 39;
const isLetter = (code: number): boolean => code >= 97 && code <= 122;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function addWritten(words: string[], raw: string): void {
  const several = writtenOut(raw);
  if (several === undefined) add(words, raw);
  else for (const word of several) add(words, word);
}

function add(words: string[], word: string): void {
  if (!strewn.has(word) && !isStutter(word, words.at(-1))) words.push(word);
}

const digit = /^(?:\d+|zero|one|two|three|four|five|six|seven|eight|nine)$/u;

/** A word said twice in a row; a digit is meant twice: 9 1 1. */
function isStutter(word: string, before: string | undefined): boolean {
  return word === before && !digit.test(word);
}

/** The words of one that stands for several; undefined for one that stands for itself. */
function writtenOut(raw: string): readonly string[] | undefined {
  const known = contracted.get(raw);
  if (known !== undefined) return known;
  const mark = raw.lastIndexOf("'");
  if (mark < 0) return undefined;
  const ending = raw.slice(mark + 1);
  const stem = raw.slice(0, mark);
  if (ending === 't' && stem.endsWith('n')) return [stem.slice(0, -1), 'not'];
  return [stem, endings[ending] ?? ending];
}
