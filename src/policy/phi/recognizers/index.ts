import type { Lexicon } from '../lexicon/index.ts';
import type { Recognizer } from '../recognizer.ts';
import { age } from './age.ts';
import { callId } from './call-id.ts';
import { card } from './card.ts';
import { birth } from './birth.ts';
import { corner } from './corner.ts';
import { county } from './county.ts';
import { creek } from './creek.ts';
import { date } from './date.ts';
import { day } from './day.ts';
import { lodging } from './lodging.ts';
import { military } from './military.ts';
import { month } from './month.ts';
import { email } from './email.ts';
import { device, license, social, vehicle } from './government.ts';
import { expiry } from './expiry.ts';
import { feast } from './feast.ts';
import { handle } from './handle.ts';
import { healthRecognizer } from './health.ts';
import { ip } from './ip.ts';
import { joined } from './joined.ts';
import { known } from './known.ts';
import { person } from './person.ts';
import { fax, phone } from './phone.ts';
import { placeRecognizer } from './place.ts';
import { postal } from './postal.ts';
import { account, member, record } from './record.ts';
import { profile } from './profile.ts';
import { residence } from './residence.ts';
import { street } from './street.ts';
import { telling } from './telling.ts';
import { url } from './url.ts';
import { vanity } from './vanity.ts';
import { name } from './name.ts';

/** Every recognizer. Of two that are equally sure of a stretch of equal length, the first one here names it. */
export function recognizers(lexicon: Lexicon): readonly Recognizer[] {
  return [
    callId,
    email,
    url,
    handle,
    ip,
    phone,
    fax,
    social,
    card,
    expiry,
    member,
    record,
    account,
    license,
    vehicle,
    vanity,
    device,
    date,
    birth,
    day,
    month,
    feast,
    age,
    street,
    corner,
    residence,
    postal,
    placeRecognizer(lexicon.towns, lexicon.smallTowns),
    county,
    military,
    lodging,
    creek,
    joined,
    profile,
    known,
    healthRecognizer(lexicon.health),
    name,
    person,
    telling,
  ];
}
