/** Hand-written word classes of spoken English. Each constant is a list of words, separated by white space. */

export const months: Readonly<Record<string, number>> = {
  january: 1,
  jan: 1,
  february: 2,
  feb: 2,
  febuary: 2,
  march: 3,
  mar: 3,
  april: 4,
  apr: 4,
  may: 5,
  june: 6,
  jun: 6,
  july: 7,
  jul: 7,
  august: 8,
  aug: 8,
  september: 9,
  sept: 9,
  sep: 9,
  october: 10,
  oct: 10,
  november: 11,
  nov: 11,
  december: 12,
  dec: 12,
};

export const weekdays = `monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
mondays tuesdays wednesdays thursdays fridays saturdays sundays`;

export const digitWords: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  nought: '0',
  naught: '0',
  aught: '0',
  ought: '0',
  nil: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  niner: '9',
  fife: '5',
  uno: '1',
  dos: '2',
  tres: '3',
};

export const teenWords: Readonly<Record<string, string>> = {
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
};

export const tensWords: Readonly<Record<string, string>> = {
  twenty: '20',
  thirty: '30',
  forty: '40',
  fourty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
};

export const repeatWords: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3, quadruple: 4 };

export const ordinalWords: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
  thirteenth: 13,
  fourteenth: 14,
  fifteenth: 15,
  sixteenth: 16,
  seventeenth: 17,
  eighteenth: 18,
  nineteenth: 19,
  twelveth: 12,
  nineth: 9,
  twentyth: 20,
  fourtenth: 14,
  twentieth: 20,
  thirtieth: 30,
};

export const alphabetWords: Readonly<Record<string, string>> = {
  alpha: 'a',
  alfa: 'a',
  bravo: 'b',
  charlie: 'c',
  delta: 'd',
  echo: 'e',
  foxtrot: 'f',
  golf: 'g',
  hotel: 'h',
  india: 'i',
  juliet: 'j',
  juliett: 'j',
  kilo: 'k',
  lima: 'l',
  mike: 'm',
  november: 'n',
  oscar: 'o',
  papa: 'p',
  quebec: 'q',
  romeo: 'r',
  sierra: 's',
  tango: 't',
  uniform: 'u',
  victor: 'v',
  whiskey: 'w',
  whisky: 'w',
  xray: 'x',
  yankee: 'y',
  zulu: 'z',
  zee: 'z',
  zed: 'z',
};

/** Recognisers of speech write these for digits; inside a value they are digits. */
export const digitHomophones: Readonly<Record<string, string>> = {
  to: '2',
  too: '2',
  for: '4',
  fore: '4',
  won: '1',
  ate: '8',
  tree: '3',
  sex: '6',
  owe: '0',
  nein: '9',
  wan: '1',
  tu: '2',
  ait: '8',
  ohh: '0',
};

export const fillers = `um umm uh uhh er erm hmm hm mm mhm ah eh well so okay ok yeah yes yep yup sure alright right like`;

/** May stand between two parts of one value. */
export const joiners = `um umm uh uhh er erm hmm hm mm ah eh and then dash hyphen dot point slash space sorry no wait i mean actually
let me see sec hold on like not it 's its it's that that's second check um plus so again oops scratch correction just make rather strike
followed by also okay ok hang moment yeah yes underscore stroke pound hash star period comma minus i'm im ugh argh gosh excuse pardon apostrophe
the next part first last rest is are`;

/** What a quantity counts. A number before one of these is no identifier, unless it is far too long for a quantity. */
export const units = `dollar dollars buck bucks cent cents pound pounds quid euro euros grand usd percent percentage percents pct
unit units milligram milligrams mg mgs microgram micrograms mcg gram grams g kg kilo kilos kilogram kilograms ml mls milliliter milliliters cc ccs
liter liters ounce ounces oz iu lb lbs inch inches in foot feet ft centimeter centimeters cm mm millimeter millimeters meter meters mile miles km kilometers
syringe syringes vial vials session sessions treatment treatments area areas zone zones pass passes shot shots injection injections
needle needles tablet tablets pill pills capsule capsules dose doses drop drops puff puffs patch patches bottle bottles box boxes pack packs package packages
minute minutes min mins hour hours hr hrs second seconds sec secs day days night nights week weeks wk wks weekend weekends month months year years yr yrs
decade decades o'clock oclock am pm a.m p.m people persons person guest guests kid kids child children adult adults time times visit visits appointment appointments
point points degree degrees step steps star stars piece pieces spot spots mole moles question questions thing things more less other others
half halves quarter quarters ish odd something or calories cups cup glass glasses drink drinks cigarette cigarettes beers coffees
weeker monthly weekly daily siblings brothers sisters sons daughters boys girls grandkids rooms beds tables chairs locations clinics offices
providers nurses doctors refills payments installments hundred thousand million billion th floor star stories
seater seats patients members employees dogs cats pets emails messages calls texts photos pictures pages forms tickets`;

export const streets = `street st avenue ave av road rd lane ln drive dr boulevard blvd court ct circle cir place pl terrace ter way parkway pkwy
highway hwy crescent cres trail trl square sq loop alley row walk path pike turnpike expressway freeway close gardens grove mews quay hill heights
ridge run bend crossing point pointe plaza landing glen manor bluff creek hollow park view vista spur route rte causeway canyon cove meadow meadows estates commons`;

/** Before a number or a name these make a street: "highway 61", "calle ocho". */
export const streetHeads = `highway hwy route rte interstate calle avenida via rue camino county broadway`;

export const titles = `doctor dr mr mister mrs missus ms miss mx sir madam professor prof nurse reverend rev pastor rabbi imam
judge officer captain sergeant lieutenant colonel dame lord lady señor senor señora senora docteur herr frau monsieur madame coach principal attorney doc`;

export const relations = `husband wife spouse partner fiance fiancee boyfriend girlfriend mother mom mum mama mommy father dad papa daddy parents
son daughter child kid baby brother sister twin sibling stepson stepdaughter stepmother stepfather stepmom stepdad stepbrother stepsister grandson granddaughter
grandmother grandma nana granny gran grandfather grandpa grandad granddad uncle aunt auntie aunty nephew niece cousin friend neighbor neighbour roommate
caregiver caretaker guardian boss manager coworker colleague assistant sponsor therapist counselor counsellor psychiatrist psychologist doctor dermatologist
injector esthetician aesthetician surgeon nurse dentist pediatrician provider midwife godson goddaughter godmother godfather ex hubby girl boy
mother-in-law in-law bestie buddy landlord teacher trainer coach emergency contact proxy nanny sitter babysitter aide patient client`;

export const states = `alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas
kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania
tennessee texas utah vermont virginia washington wisconsin wyoming ontario quebec alberta manitoba saskatchewan`;

export const stateCodes = `al ak az ar ca co ct de dc fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa ri sc sd tn tx ut va vt
wa wi wv wy on bc qc ab mb sk ns nb`;

/** Words of grammar and of telephone talk: never a name, however they are written. */
export const grammar = `a an the this that these those i me my mine myself you your yours yourself he him his she her hers it its we us our ours they them their theirs
who whom whose which what when where why how am is are was were be been being isn't aren't wasn't weren't ain't do does did done doing don't doesn't didn't
have has had having haven't hasn't hadn't i've i'm i'll i'd you're you've you'll you'd he's he'll he'd she'll she'd it'll we're we've we'll we'd they're they've they'll
can could can't cannot couldn't shall should shouldn't would wouldn't won't might must mustn't needn't ought of in on at by for from to with without within into onto
upon over under above below between among through during before after since until till about against around across along behind beside besides beyond near off out up down
and or but nor so yet if then else than because although though while whereas unless as not no yes yeah yep yup nope nah okay ok okey sure alright right please thanks thank
hello hi hey howdy goodbye bye good morning afternoon evening night well um umm uh uhh er erm hmm hm mm mhm ah oh eh huh like just only also too very really quite rather
still already again ever never always often sometimes usually maybe perhaps probably actually basically literally here there now today tomorrow yesterday tonight
all any both each every either neither none some one two three four five six seven eight nine ten other another such same own more most much many few less least
want wanted wants need needed needs get got gets getting give gave given gives go goes going went gone gonna wanna gotta lemme gimme come came comes coming
make made makes making take took taken takes taking see saw seen seeing know knew known knows think thought thinks say said says saying tell told tells telling
ask asked asking call called calls calling calling talk talked talking speak speaking spoke spoken try tried trying tries use used uses using find found finding
let lets help helps helped helping look looks looked looking book booked booking books schedule scheduled scheduling reschedule rescheduled cancel canceled cancelled cancelling
change changed changing confirm confirmed confirming check checked checking wait waiting waited hold put puts set sets show shows send sent sending receive received
name names first last middle full maiden surname spelled spelling spell spells spelt number numbers phone cell mobile email mail address zip code birthday birth born date dob
appointment appointments appt visit insurance member card account record chart patient client
's 've 'm 're 'll 'd im ive ill id youre dont doesnt didnt cant couldnt wont wouldnt thats whats its lets theres heres hows whos wheres isnt wasnt arent havent hasnt
something anything nothing everything someone anyone everyone nobody somebody anybody everybody thing things stuff lot lots kind sort bit way
is's sorry pardon excuse welcome sir ma'am maam congratulations wow oops yikes correct exactly absolutely definitely certainly great perfect awesome fine cool lovely
dot com dash underscore hyphen slash capital letter as`;

/** Everyday words of clinics and telephones that the frequency list lacks. */
export const clinicWords = `botox filler fillers medspa spa facial facials microneedling laser lasers reschedule rescheduled rescheduling voicemail copay copays deductible
telehealth wellness checkup checkups followup aftercare app apps website online login portal cvs walgreens walmart costco zoom paypal venmo iphone android uber lyft
latte mocha cappuccino espresso americano decaf macchiato cortado frappuccino oat smoothie vegan gluten yoga pilates gym selfie podcast wifi bluetooth
hydrating exfoliate exfoliating exfoliation retinol serum serums sunscreen spf moisturizer dermatology dermatologist dermatologists esthetician estheticians aesthetician
aesthetics aesthetic injector injectors injectable injectables cosmetic cosmetics psychiatrist psychiatrists counselor counselors psychotherapy therapist therapists
preauthorization authorization prescriber prescribers pharmacy pharmacies refill refills rx copayment coinsurance hsa fsa ppo hmo epo medicare medicaid
alexa siri olly google facebook twitter instagram youtube spotify netflix amazon tweet tweets playlist playlists hashtag reminder reminders
ish gonna wanna gotta kinda sorta dunno yall y'all ma'am alrighty okey dokey hiya bout cuz cause til thru tho cos coz anyways nope yup yep yikes oof ooh whoa wow
checkin checkout signup update updated updates info ok's faq hr rsvp eta asap diy atm cvv cvc iban swift visa mastercard amex paycheck overdraft cashback contactless
nd rd th mr ms am pm hrs mins approx etc vs usd gbp eur lbs mg ml cc iv er icu ob gyn md rn np pa phd lcsw lpc mri ct ekg ecg bmi bp a1c iud hpv std sti uti
gps pdf usb tv dvd cd fm pc ceo cfo hr pto ira iras 401k`;

/** Said letter by letter, and no name. */
export const spelledAcronyms = `cpap bipap mri ct ekg ecg emg eeg tens prp ipl hifu emdr adhd ptsd ocd gerd copd ibs ibd uti sti std hiv hpv iud ivf iui pcos pmdd pms tsh hct hgb cbc bmp cmp
a1c ldl hdl pcp obgyn ob gyn er icu nicu or pt ot slp rn np pa md do phd psyd lcsw lmft lpc lmhc bcba hsa fsa hra ppo hmo epo pos eob cobra hipaa dob ssn vin atm usa nyc la dc uk eu
tv dvd gps cvv cvc csv faq asap rsvp diy fyi btw aka eta vip spf uva uvb led rf bmi bpc trt hrt ssri snri maoi tms ect dbt cbt act nsaid otc usps ups fedex cvs hr ceo cfo it ai app sms pdf url
html vpn wifi lasik prk tmj acl mcl ivig copay botox dysport cpr dna rna mrsa covid rsv tb bp hr ii iii iv dui va aa na`;

/** Before a name that is called out: "thanks amber". */
export const greetingWords = `thanks hi hello hey okay morning afternoon evening sorry dear bye goodbye alright perfect great`;

/** Small words inside a name: "van der berg", "de la cruz", "o ' brien". */
export const nameParticles = `de la van von der den del della di da dos du le bin ibn al el st san ter y e '`;
