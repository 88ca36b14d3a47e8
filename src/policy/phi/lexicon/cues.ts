import type { PhiKind } from '../kinds.ts';

/**
 * Words that name a kind of value, before the value ("my member id is ..."), after it ("... is my cell") or in a
 * question ("what's your zip"). `NUMBER` says that a number follows without saying which, `NONE` that what follows is no
 * identifier (a voucher, a suite, a PIN).
 */
export type Cue = PhiKind | 'NUMBER' | 'NONE';

const table: readonly (readonly [Cue, string])[] = [
  [
    'PHONE',
    'phone cell cellphone mobile telephone landline callback call reach text dial contact extension ext tel whatsapp voicemail ring',
  ],
  ['FAX', 'fax faxes faxed facsimile'],
  ['SSN', 'social ssn socials sin itin'],
  ['ADDRESS', 'zip zipcode postcode postal address street live lives living mailing residence resides apartment apt'],
  [
    'MEMBER',
    'member membership policy subscriber beneficiary insurance insurer medicare medicaid plan group payer coverage aetna cigna humana bcbs kaiser',
  ],
  ['MRN', 'mrn chart record records patient file medical'],
  [
    'ACCOUNT',
    'account acct claim prescription rx refill reference confirmation case order invoice ticket routing iban authorization referral statement auth receipt tracking barcode enrollment',
  ],
  [
    'CARD',
    'card cards visa mastercard amex discover debit credit expires expire expiry expiration exp expiring cvv cvc',
  ],
  [
    'LICENSE',
    'license licence licenses passport certificate npi dea permit driver drivers identification credential badge employee student',
  ],
  ['VEHICLE', 'plate plates vin tag tags vehicle registration'],
  [
    'DEVICE',
    'serial device implant implants pump pacemaker lot udi monitor machine cpap bipap model neurostimulator stimulator defibrillator sensor transmitter imei',
  ],
  ['DATE', 'birthday birthdate dob birth born bday'],
  ['EMAIL', 'email emails e-mail'],
  ['IP', 'ip'],
  ['NUMBER', 'number numbers digits digit id ids code ending ends last'],
  [
    'NONE',
    'voucher gift coupon promo promotion suite room floor gate pin passcode password level option press step channel bus flight version',
  ],
];

export const cueWords: ReadonlyMap<string, Cue> = new Map(
  table.flatMap(([cue, words]) => words.split(' ').map((word): [string, Cue] => [word, cue])),
);
