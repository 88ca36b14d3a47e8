/** What an agent says when it hands the call over now, when it offers to, and how a caller accepts the offer. */
export const transferSets: Readonly<Record<string, string>> = {
  person:
    'person human human_being representative agent operator receptionist manager supervisor nurse doctor provider therapist counselor someone somebody colleague staff staff_member team_member team_mate member_of_our_team member_of_the_team one_of_our front_desk office reception team specialist coordinator scheduler billing billing_department crisis_line',
  det: 'a an the our another one_of_our my',
  kind: 'real live actual human available billing office care support clinical practice',
  will: 'let_me i_will i_am_going_to i_am allow_me_to i_shall going_to_go_ahead_and let_us we_will',
  move: 'connect connecting transfer transferring put putting get getting hand handing pass passing forward forwarding switch switching send sending patch patching bring bringing',
};

export const transferPhrases = `
  $will now|go_ahead_and|gladly|happily|quickly|be? $move you now? through|over|back|on? to|with $det? $kind* $person
  $will now? $move you through|over|right_now|now|right_away
  $will now? $move your call|this_call|the_call
  $will now? get|getting|grab|find|bring $det? $kind* $person for|on|to_help|right_now|now|to_assist|who_can
  ^ okay|sure|alright|yes|of_course|certainly|absolutely|thanks|thank_you? connecting|transferring|forwarding|patching you now|to|with|through|over
  hold|moment|second|line while|and|as i|we|i_will|i_am $move you
  hold|moment|second .. while i get $det? $kind* $person
`;

export const notTransfer = `
  get you in|down|on_the_schedule|scheduled|booked
  put you down|in|on_the|on_hold
  send you a|an|the|our
  get $det? $kind* $person to call|to_reach|to_contact
  $move you with|to .. page|website|link|calendar|portal|form
`;

export const offerPhrases = `
  would|do|did you like|want|prefer|care|need me? to $move|talk|speak|be ... $person
  should|shall|can|may|could i $move you ... $person
  want me to $move you|get ... $person
  happy|glad to $move you ... $person
  i can|could $move you ... $person
`;

export const acceptPhrases = `
  ^ yes|yeah|yep|yup|sure|okay|absolutely|definitely|certainly|correct|right|si
  ^ that would be|work great|good|perfect|nice|fine|wonderful|lovely|better|fantastic
  ^ that is fine|perfect|great|good
  ^ of course
  ^ go ahead
  ^ do that
  ^ i would like|love|appreciate that
  ^ i would
  ^ why not
`;

export const declinePhrases = `
  no|nope|nah
  not
  never mind
  nevermind
  later
  but
  first
`;
