import { describe, expect, it } from 'vitest';
import { findInvitations } from '../../src/policy/intake.ts';

/** `avoid SSN` for each invitation. */
function found(script: string): string[] {
  return findInvitations(script).map(({ kind, advice }) => `${advice} ${kind}`);
}

describe('a line that asks too much', () => {
  it.each([
    ['Can I have your Social Security number?', ['avoid SSN']],
    ['What is the reason for your visit today?', ['avoid CONDITION']],
    ['Please tell me about your symptoms.', ['avoid CONDITION']],
    ['Are you taking any medications or blood thinners?', ['avoid MEDICATION', 'avoid MEDICATION']],
    ['Have you ever been diagnosed with anything?', ['avoid CONDITION']],
    ['May I take your credit card number to hold the spot?', ['avoid CARD']],
    ['Which insurance do you have, and what is the member ID?', ['avoid MEMBER', 'avoid MEMBER']],
    ['You can upload a photo of the area.', ['avoid PHOTO']],
    ['Ask the caller for their date of birth and home address.', ['limit DATE', 'limit ADDRESS']],
    ['Collect the patient’s full name, phone number and email.', ['limit NAME', 'limit PHONE', 'limit EMAIL']],
    ['Which treatment are you interested in?', ['limit TREATMENT']],
    ['Don’t forget to confirm your date of birth.', ['limit DATE']],
  ])('%s', (script, expected) => {
    expect(found(script)).toEqual(expected);
  });
});

describe('a line that asks for little or nothing', () => {
  it.each([
    'Thank you for calling Cedar Skin Studio.',
    'You are speaking with an automated assistant, and this call may be recorded and transcribed.',
    'Please do not share medical details on this call.',
    'Never ask for a Social Security number.',
    'You can book without giving your date of birth.',
    'I can book, move or cancel an appointment. Which would you like?',
    'Our treatments are listed on the website.',
    'Tuesday at three works. See you then!',
    '',
  ])('%s', (script) => {
    expect(found(script)).toEqual([]);
  });
});

describe('an open question', () => {
  it('invites a medical history, unless the script asks callers to keep it to themselves', () => {
    expect(found('Hello! How can I help you today?')).toEqual(['limit CONDITION']);
    expect(found('Please do not share medical details. How can I help you today?')).toEqual([]);
    expect(found('Do not wait. How can I help you today?')).toEqual(['limit CONDITION']);
  });
});

describe('the place', () => {
  it('is the words that invite, in any line and case', () => {
    const script = 'Welcome to Cedar.\nMay I have your DATE OF BIRTH?';
    const [invitation] = findInvitations(script);
    expect(script.slice(invitation?.start, invitation?.end)).toBe('DATE OF BIRTH');
  });

  it('is in the order of the script, also when a narrower topic was found first', () => {
    expect(found('Tell me your full name, your symptoms and your SSN.')).toEqual([
      'limit NAME',
      'avoid CONDITION',
      'avoid SSN',
    ]);
  });
});
