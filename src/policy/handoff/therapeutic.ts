/**
 * Therapeutic talk: symptoms disclosed, comfort or advice asked for. Illinois (Public Act 104-0054) leaves it to licensed
 * people and lets AI do what is administrative; so a reason for a visit ("a therapist for my anxiety") is not enough.
 */
export const therapeuticSets: Readonly<Record<string, string>> = {
  longer: 'anymore any_more any_longer',
  mood: 'depressed anxious hopeless worthless overwhelmed lonely alone empty numb sad miserable helpless scared terrified panicked panicky broken manic paranoid useless trapped unloved guilty ashamed angry stressed down low on_edge burned_out burnt_out lost desperate suicidal disconnected detached alone unsafe out_of_control suffocated ugly fat disgusting rejected abandoned betrayed hurt heartbroken devastated anxiety like_a_failure like_a_burden like_a_zombie like_dying like_i_am like_everyone like_nobody like_shit like_crap like_giving_up like_crying',
  low: 'depressed hopeless overwhelmed miserable lonely manic spiraling panicking falling_apart breaking_down losing_it losing_my_mind going_crazy broken dissociating at_my_limit at_rock_bottom in_a_dark_place in_a_bad_place drowning_in',
  often:
    'all_the_time lately every_day constantly all_day every_night all_night for_weeks for_months for_days since again at_everyone and_i',
  illness:
    'depression anxiety ocd ptsd adhd bipolar mood panic anger grief trauma eating_disorder addiction drinking insomnia mania stress self_esteem thoughts temper compulsions phobia paranoia',
  diagnosis:
    'bipolar adhd add depression ocd ptsd autism borderline schizophrenia bpd anxiety_disorder an_anxiety_disorder bipolar_disorder an_eating_disorder postpartum_depression postpartum panic_disorder depressed',
  kin: 'husband wife boyfriend girlfriend partner mom mother dad father brother sister son daughter kid kids child children parents family marriage relationship ex friend grandmother grandma grandfather grandpa baby teen teenager',
  meds: 'meds medication medications medicine lexapro zoloft prozac wellbutrin effexor cymbalta celexa paxil xanax klonopin ativan adderall vyvanse ritalin lithium lamictal seroquel abilify trazodone buspar antidepressant antidepressants ssri dose',
};

export const therapeuticPhrases = `
  feel|feeling|felt|feels .. $mood
  am|been|getting|get .. $low
  am|been|was .. anxious|scared|sad|stressed|angry|afraid|numb|down|worried $often
  not feel|feeling like myself|living|a_person
  not feel|feeling anything >
  feel|feeling like nobody|no_one|everyone_hates|i_am_losing|i_am_going_crazy|i_can_not_breathe|i_am_drowning|a_failure|a_burden
  can not|could_not stop crying|drinking|shaking|worrying|thinking_about|eating|obsessing
  been|keep|keeps crying|isolating|dissociating|spiraling|worrying|panicking|replaying|reliving|obsessing|withdrawing
  replaying|reliving ... in_my_head|in_my_mind|over_and_over
  having|getting|been_having ... anxiety|panic|depression >
  having|had|getting .. lot|lots|much|bad|terrible|severe|awful ... anxiety|panic|depression|stress|thoughts|flashbacks
  having|think_i_am_having|had|close_to a|another breakdown|meltdown|panic
  been .. triggered|retraumatized
  is|am|are|feel .. triggered
  not trust anyone|anybody|people|men|women|myself
  get|got|getting|been .. angry|mad|furious ... that|and|i|lately|at
  anger|trust|abandonment|attachment|commitment|self_esteem|body_image|intimacy|daddy|mommy issues|problems
  trouble|problem|problems|difficulty coping|sleeping_because|letting_go|controlling_my|trusting
  scared|afraid|terrified i_am_going_crazy|i_am_losing|of_him|of_my_husband
  scared|afraid|terrified to leave|go_outside|sleep|be_alone|drive|sleep_alone|be_around|go_home
  bad|terrible|awful dreams
  why do i feel|keep|cry|act|hate|get_so|always
  why am i like_this|this_way|sad|crying|depressed|anxious|angry
  wrong with me
  get|getting|gotten over my|him|her|the ex|him|her|breakup|divorce|death|loss
  me feel|feeling like|sick|worse|anxious|numb|tired|weird|depressed|suicidal|nothing|crazy|small|worthless
  mind|thoughts|brain|head .. stop|slow|quiet|shut racing|down|off|up?
  heart races|is_racing|pounds
  not eaten|slept|showered|left in|for|since|the|my
  hard|rough|tough|difficult since|without|after|because|lately
  tell my|him|her husband|wife|partner|parents|mom|dad? i want|need|am a|to? divorce|leave|gay|pregnant|leaving
  it is going to be okay
  i might|may|could|think_i have $diagnosis
  tell me if i am|have .. $diagnosis|crazy|normal|okay
  what do i do when|about|if .. $illness|$kin|feel|panic|scared|anxious|meltdown
  something|anything i can do|take|try when|for|about|if .. $illness|anxious|feel|panic|sleep|stress
  keeps|still hitting|hurting|abusing|yelling me|at_me
  hits|hit|hitting|beats|abuses|abusing me
  cry|crying all|every|a_lot|constantly|myself
  having|had|have|get|getting|got a? .. panic_attack|panic_attacks|anxiety_attack|anxiety_attacks|flashback|flashbacks|nightmares|nightmare|meltdown|intrusive_thoughts|racing_thoughts|dark_thoughts|bad_thoughts|mood_swings|hallucinations
  still have|having|get flashbacks|nightmares
  keep|been having|getting nightmares|flashbacks|thoughts|attacks
  my $illness is|has|got|gets|feels|have|are .. worse|bad|back|getting|out_of_control|through_the_roof|terrible|awful|severe|flaring|unbearable|acting_up|high|crippling|killing
  my thoughts will_not|do_not|are stop|slow|racing
  struggling|struggle|struggled with my|the|a? .. $illness|food|sobriety|intimacy|divorce|breakup|loss
  struggling|struggled|struggle since|lately|emotionally|mentally|a_lot|much|right_now|today|with_everything|to_cope|to_function|to_get_out|>
  hard|rough|tough|difficult|bad|dark time|place|patch|stretch since|after|lately|right_now|emotionally|mentally|coping|dealing_with|>
  hate myself|my_life|who_i_am|my_body|how_i_look|being_alive
  nobody|no_one cares|loves|likes|understands|wants .. me
  nothing makes me happy
  not enjoy|care_about anything
  lost interest
  am|are|is .. anxious|scared|depressed i feel|can_not|cannot
  screaming|yelling at me
  hate being around|with people|everyone|my_family
  keep|keeps|can_not_stop|can_not_help thinking|obsessing|worrying about what|how|him|her|the_day|that|my|food|it
  not want to leave|get_out_of|get_up_from the|my house|bed|room|apartment
  help calming|coping|dealing|relaxing|processing|understanding_why|controlling_my
  stop overthinking|worrying|panicking|crying|feeling|thinking_about|hating|obsessing|self_sabotaging
  yelled|screamed|snapped|blew_up|lashed_out at my
  not love|loved my|him|her|myself
  do i have $diagnosis
  my fault that|he|she|they
  gone|went|going|got back to drinking|using|smoking|gambling
  feel nothing|dead_inside
  ashamed of myself|what|who|my
  and it hurts >
  voices came|are|keep|tell|started|in_my_head|say
  burned|burnt out and|from|emotionally|>
  grieving
  breathing|grounding|relaxation exercise|exercises|technique|techniques
  you do if_you_were_me|in_my_situation|in_my_shoes|in_my_place
  hate who
  can not sleep|eat|function|focus|concentrate|cope|relax|get_out_of_bed|leave_the_house|calm_down|be_happy|feel_anything
  can not|could_not do|take|handle this|it $longer
  want .. pain|this|it to stop|end|be_over >
  want|wanted to disappear|give_up >
  my $kin .. i? have_been|are|keep|keeps|is|has_been|been|always .. fighting|arguing|screaming|yelling
  left me >
  left me and|for_another|for_somebody|last|this|because|with_the_kids
  cheated|cheating|cheats on me
  broke|breaking up with me
  since|after the|our|my breakup|divorce|separation|miscarriage|accident|attack|funeral|assault
  since|after|when my|our|the? $kin|he|she .. died|passed|killed|death|left|suicide
  about|with|over my|his|her? $kin .. death|suicide|passing
  my $kin .. suicide
  $kin|he|she killed himself|herself
  abused|molested|raped|assaulted|groomed
  abusive $kin
  used to hit|beat me
  hits|hit|beats me >
  hits|hit|beats me and|when|again
  started|been|back_to|keep drinking|using|smoking|vaping|gambling .. again|a_lot|too_much|every|alone|to_sleep|to_cope|heavily
  relapse|relapsed
  hearing voices|things
  seeing things
  binging|bingeing|binge purging|eating|and
  purging
  starving myself
  making myself throw_up|sick
  not|do_not know what to do $longer
  not know what to do >
  not know how to cope|handle|deal|go_on|feel|help_my|help_him|help_her
  what should|can|do i do about|with|for|when .. $illness|$kin
  how do|can|should|to|would i? cope|calm_down|get_over|stop_crying|stop_worrying|stop_thinking
  how do|can|should|to|would i? deal|handle|manage|control|cope|stop|get_through with? my|the|this|these? .. $illness|$kin|feelings|feeling|attacks|loss|breakup|divorce|crying
  help me feel|cope|calm|deal_with|get_through|understand_why|figure_out_why|stop_crying|process
  help me with my .. $illness|feelings|$kin
  do you think i .. have|am|might_have|need .. adhd|bipolar|depressed|depression|ocd|autistic|autism|ptsd|borderline|crazy|normal|anxiety|narcissist|medication|schizophrenia
  am i .. crazy|bipolar|depressed|autistic|overreacting|normal|a_bad|losing_my_mind
  should|can i go|come|get|be off .. $meds
  should i stop|quit|increase|decrease|change|double|skip|start|take|keep|up .. $meds
  should i leave|divorce|forgive|confront|break_up_with|cut_off|stay_with my|him|her|them
  is it|this|that normal to feel|be_this|be_so|cry|hear|hate|think|want_to|still
  advice about|on|for|with|regarding my|a|how|our .. $kin|$illness|breakup|feelings|situation_at_home
  give|teach|tell me|need some|a|any? .. coping|grounding|breathing skills|strategies|techniques|exercises|skill|exercise|mechanisms
  exercises|meds|medication|techniques|breathing ... not helping|working
  not okay|ok|doing_well|doing_good|doing_okay >
  not okay|ok right_now|at_all|anymore|mentally|emotionally|and_i
  falling apart
  spiraling
  lost all hope
  tell you .. what_happened|how_i_feel|about_my_childhood|about_my_dad|about_my_mom|about_my_marriage|about_my_past
  talk about my feelings|trauma|childhood|marriage|past|depression|anxiety|divorce|dad|mom
  talk about what_happened|how_i_feel|how_i_am_feeling
  need to vent
  off my chest
  someone|somebody to listen|vent_to
  not feel|feeling|felt|been right|good|well|like_myself since
  since|ever_since i .. changed|stopped|started|switched|went_off|came_off|quit .. $meds
  side effects from|of|since|with
  scream|screaming|yell|yelling at my kids|children|husband|wife|family
  nobody|no_one would miss|notice|care >
`;

export const notTherapeutic = `
  anxious|nervous|worried|stressed|scared|sad|upset|overwhelmed|stressed_out|guilty|bad|lost|angry|afraid|down about|by|with|over|on ... bill|bills|cost|costs|price|copay|insurance|appointment|parking|charge|charged|fee|fees|payment|forms|form|paperwork|schedule|session|visit|website|portal|cancelling|canceling|paying|late|money|traffic|drive|wait|app|link|policy|options
  anxious|sad|overwhelmed|lost|stressed|alone|low to get|see|start|schedule|book|meet|miss|cancel|hear|leave|in_your|in_the_building|on_the
  feel|feeling like down|low
  feel|feels like .. down|low
  feel|feeling like_i_am late|being_overcharged|getting_the_runaround|on_hold|repeating
  feel|felt|feeling .. like_i_am|like_everyone ... paid|charged|bill|appointment|hold|schedule
  not feel|feeling comfortable
  hard|rough|tough|difficult because|without .. traffic|parking|car|ride|work|schedule
  mind|thoughts .. slow|stop down|by
  not left my|the
  do not get|i_get mad|angry
  wrong with my|the
  had|having a lot|bunch of .. trouble|problems with
  not slept|eaten before|yet|today
  can not sleep|eat before|after|at
  can not focus|concentrate on_the_screen
  hard|rough|tough|difficult|bad time finding|with|logging|scheduling|getting|hearing|parking|to
  bad|hard|difficult time >
  tell you .. what_happened with|to|on ... bill|appointment|payment|card|insurance|invoice|charge|portal|app|link
  advice about|on|for|with my bill|insurance|plan
  side effects of|with this plan
  should i take|start|change|keep|up .. time|appointment|slot|course|intake
  not know what to do with|about|for .. form|forms|bill|portal|link|app|invoice|code
  left me a|the|my|your|this|that|her|his
  been fighting|arguing with the|my insurance|insurance_company|traffic
  $kin .. is|been|are arguing with the insurance
  do you treat|offer|do|help|work|have|see|take ... $illness|nightmares|flashbacks|grief
  if i|he|she feel|feels|felt .. $mood
  not feel|feeling|felt .. $mood
  not okay with
`;
