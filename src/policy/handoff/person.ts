/** A caller who asks for a person. Not one who asks whether this is one, who tells of one, or who books with one. */
export const personSets: Readonly<Record<string, string>> = {
  human:
    'person human human_being representative rep agent operator receptionist live_agent live_person live_representative live_human real_person real_human',
  anyone: 'someone somebody anyone anybody',
  staff:
    'manager managers supervisor receptionist secretary nurse nurses doctor doctors provider providers therapist counselor injector esthetician aesthetician technician front_desk reception office office_manager staff staff_member member_of_staff member_of_your_staff member_of_your_team team_member team billing billing_department customer_service customer_support customer_care scheduler coordinator administrator admin nurse_line one_of_your_people your_people people desk scheduling clinician psychologist psychiatrist owner director boss',
  det: 'a an the your another any one_of_your one_of_the some my',
  kind: 'real live actual living breathing human flesh_and_blood human_customer customer service support billing care regular proper different other office',
  robot:
    'robot robots machine machines computer computers bot bots ai a_i recording automated_system automated_assistant virtual_assistant voice_bot voicebot chatbot automated_voice automated_system phone_tree siri alexa',
  talk: 'talk speak chat',
  may: 'want_to wanted_to need_to needed_to like_to love_to prefer_to rather have_to got_to wish_to try_to trying_to able_to hoping_to possible_to can_i could_i may_i might_i let_me i_can i_could can_we could_we how_do_i do_i i_may want_a_person_to okay_if_i alright_if_i must demand_to asked_to asking_to',
  lead: 'no yes yeah hi hello hey okay stop look listen sorry um nope yep right well',
  now: 'now right_now here thanks thank_you',
  persona:
    'alguien una_persona un_agente una_agente un_representante una_representante un_humano una_persona_real un_operador una_operadora el_gerente la_gerente la_recepcionista la_enfermera la_doctora el_doctor el_encargado la_encargada un_asesor recepcion',
};

export const personPhrases = `
  $may .. $talk to|with $det? .. $kind* $human|$anyone|$staff
  $may .. $talk to|with whoever|the_one|whomever|a_live
  $may .. $talk to|with ... at|in|from the|your front_desk|office|clinic|desk|reception|billing
  calling|called to $talk to|with .. $human|$anyone|$staff
  calling|called to $talk to|with ... front_desk|office|clinic
  is .. available|there|around ... $talk to|with
  have|get|had a word|chat|conversation with .. $human|$anyone|$staff
  possible ... $talk to|with $det? .. $human|$anyone|$staff
  have me|us $talk to|with
  help|assistance|callback|call from|by $det? $kind* $human
  can|could|may i get|be transferred|connected|put_through
  want|need|like to go|get|be_sent back? to $det front_desk|office|reception|operator|receptionist
  who do i $talk to
  want|need|like $det? $human to help|assist|answer|take_over|talk
  who|that is not a|an $robot
  and|or|then $talk to|with $det? $kind* $human
  deal|work|do_this|handle_this|do_it|book|schedule with $det? real|live|actual? human|person|human_being|live_person|real_person
  ^ $lead* $talk to|with $det? $kind* $human|$anyone|$staff
  ^ $lead* to $talk to|with $det? $kind* $human|$anyone|$staff
  rather|prefer|want to? be? talking|speaking to|with $det? $kind* $human|$anyone|$staff
  who|whom can|could|do|should i $talk to|with
  doctor|nurse ... need_to|want_to|like_to $talk to|with her|him|them
  transfer|connect|put|patch|switch|forward|send|pass me|us|this_call|my_call over|through|on|back? to|with $det? $kind* $human|$anyone|$staff
  transfer|transferred me|us >
  transfer me to|over|now
  ^ $lead* transfer >
  transfer the|this|my call
  connected|transferred|forwarded|patched to|with .. $human|$anyone|$staff|office|department
  put|patch me|us through
  connect me >
  be transferred|connected|switched|put_through|patched_through|forwarded to|with? $det? $kind* $human|$anyone|$staff
  get|give|find|bring|send|hand|let me|us $det? $kind* $human|$anyone|$staff
  get|take|bring|send|put|give|move|direct|pass|hand me|us to|out_to|over_to|off_to .. $human|$staff
  get|put .. on_the|on phone|line
  put .. $human|$anyone|$staff on|through
  put me|us on|through|over? with|to
  said|asked_for|saying|repeat|want_the|need_the $det? $kind* representative|operator|human|agent|receptionist|real_person
  can|could|will|would|may|let .. $human|$anyone pick|answer|take_over|come_on|get_on|speak|talk
  can|could|will|would|may|let someone|somebody|anyone at|from|in ... $talk to|with me
  get|getting|reach|reaching|contact|find|hear $det $kind* $human
  get_a_hold_of|get_hold_of|get_ahold_of|get_through_to|get_to|reach|reaching $det? $kind* $human|$anyone|$staff
  can|could|may|let i|me|we get|have|see|reach $det? $kind* $human|manager|supervisor|receptionist|front_desk
  get|have .. $human|$anyone|$staff .. on the phone|line
  want|need|like|prefer|demand $det $kind* $human|manager|supervisor|receptionist
  want|need|like|prefer real|live|actual|human $human|someone|somebody
  ^ $lead* $det? $kind* $human|manager|supervisor|customer_service|customer_support|front_desk $now? >
  real|live|actual|living $human|human_being|someone|somebody
  someone|somebody|anyone|anybody real|human|live
  is_there|are_there|is_not_there|there_is_not|where_is|where_are ... $human|humans|real_people i|available|here|to|who_can|that_can|on|>
  is_there|is_not_there $anyone ... $talk to|with
  is anyone|anybody|someone|somebody .. here|there|available ... $talk|speak|help_me
  is_there|is_not_there $anyone available|i_can_reach|who_can_help
  not .. want|like|going|need|wish to $talk|deal|do_this|be_talking to|with? $det? $robot
  not talking|speaking|dealing to|with $det? $robot
  refuse|refusing|hate|hating to $talk to|with $det? $robot
  not comfortable .. to|with .. $robot
  rather not $talk|deal|do_this to|with $det? $robot
  hate|sick_of|tired_of|done|done_with|enough_of|stop|finished|through .. talking_to|speaking_to|dealing_with|with? $det|these|this|you|with_the? $robot
  not do|use|like|trust|want_to_use|speak|talk $det|these? $robot
  not .. talk|deal|speak to|with .. $robot
  out_of|off|away_from this|the|your $robot
  no more $det? $robot
  not want|like|trust $det|this|these? $robot
  complain|complaint to|with $det? manager|supervisor|$anyone
  ask for $det manager|supervisor
  pasar|pasarme|pase con $persona
  hablar|hable|hablo|comunicarme con $persona
  comunica|comunicame|comunicarme|comunique|comuniqueme|paseme|pasame|paso|transfiera|transfierame|conecteme con $persona
  paseme|pasame|comuniqueme a|al|con
  necesito|quiero|prefiero una persona real|de_verdad|humana
  un|una agente|operador|operadora|representante|humano
`;

export const notPerson = `
  not|never .. need|want|have|wish|like|going|trying to $talk to|with $det? $kind* $human|$anyone|$staff
  no need to $talk|transfer|connect
  without having_to? $talk|talking to|with
  not|never transfer|connect|put me
  not want|need $det? $kind* $human|$staff
  will|would|do|did|when|should|where i|we be? able_to? $talk to|with $det? $staff
  how_long|before|until|after|when i can|could|may|get_to|need_to $talk to|with
  $talk to|with $det? $kind* $human|$anyone|$staff .. before|during|after|at_my|when_i
  $talk to|with my doctor|boss|manager|supervisor|office|team|dermatologist|staff|provider_first|agent|rep|owner
  are_you|are_we|is_this|is_it|am_i|was_that|is_that|was_i .. $det? $kind* $human
  this_is|that_is $det? $kind* $human
  like|as|were|was|thought|sound|sounds|sounded|almost $det? $kind* $human
  by|on|than|for|about $det $kind* $human
  pictures|photos|voice|recording of $det? $kind* $human
  want|need|like|prefer|get|have|reach|find $det $kind* $human who|that|with|for_my|whose|in|near|to_do|to_go|to_drive|to_come
  is_there|are_there ... $human who|that does|do|did|specializes|works|speaks|offers|is|are
  get|give|find|bring me someone|somebody is|who|that|to|for|else
  get|getting|find|give|have $det $kind* person is
  real|live|actual|living agent|rep|operator is
  real|live|actual someone|somebody is
  real estate
  $talk to|with you|him|her|it|them ... $human|$anyone|$staff
  representative sample|of
  get|getting to|into .. office|reception|front_desk|desk
  said|asked_for|want_the|need_the $det? $kind* human|agent|representative .. i|we|who|said|told
  $anyone pick me up
  get|put $det? wait|list|schedule|calendar
  put me|us on the|a|your list|schedule|calendar|books|wait|waitlist
  put me|us on|over wait|hold
  $may .. $talk to|with someone|somebody|anyone in spanish
  speak|speaks spanish
  someone|somebody|anyone who speaks|speak
  get|have|put .. on the phone|line with my
  insurance|travel|real_estate|numbing|sales|machine|booking|drug|topical agent|representative|rep|operator
  put me down|in|as|at
  connect me to|with my|the wifi|internet|app|portal|account
  am|as|work|being $det $kind* $human|$staff
  i am|was a|an .. $human
`;
