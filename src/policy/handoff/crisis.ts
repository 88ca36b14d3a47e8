/**
 * Suicide, self-harm, harm to others: what callers say to speech-to-text. Written so that a wish to die is heard and a
 * manner of speaking ("to die for", "dying to try it") is not; that somebody died this way is grief, not a crisis.
 */
export const crisisSets: Readonly<Record<string, string>> = {
  self: 'myself himself herself themselves themself my_self',
  another: 'people somebody someone others everyone everybody',
  close:
    'my_kid my_kids my_child my_children my_baby my_son my_daughter my_wife my_husband my_partner my_family my_ex my_mom my_mother my_dad my_father my_boss my_boyfriend my_girlfriend my_neighbor my_roommate my_coworker my_brother my_sister the_baby the_kids',
  kin: 'brother sister mom mother dad father son daughter husband wife friend cousin uncle aunt partner boyfriend girlfriend patient client roommate coworker',
  lethal:
    'kill killing hang hanging drown drowning unalive unaliving shoot shooting stab stabbing poison poisoning electrocute electrocuting suffocate suffocating strangle strangling asphyxiate',
  harm: 'hurt harm cut burn injure hit punch scratch starve choke punish bite bruise',
  harming:
    'hurting harming cutting burning injuring punching scratching starving choking punishing biting bruising hitting',
  intent:
    'want_to wants_to wanted_to going_to about_to need_to urge_to urges_to tempted_to ready_to planning_to planning_on plan_to threatening_to threatened_to trying_to tried_to thinking_of thinking_about think_about thought_about thoughts_of thoughts_about thought_of feel_like feeling_like keep keeps wish_i_could will might may could i_could afraid_of scared_of desire_to',
  plan: 'want wants wanted wish wishes hope hoping plan plans planning planned ready going about need needs deserve desire trying tried thinking think dreaming decided long prepared',
  wish: 'want wants wanted wish wishing wished wishes hope hoping hopes ready prefer like love better easier',
  who: 'i he she they',
  nowant: 'want wants wanting wanna wish wishing care deserve',
  dead: 'dead gone not_here not_around not_alive never_born never_been_born no_longer_here out_of_the_way',
  longer: 'anymore any_more any_longer much_longer ever_again another_day one_more_day another_minute',
  many: 'whole entire all bunch handful handfuls bottle bottles too_many too_much lot lots these those ten twenty thirty forty fifty sixty hundred dozen dozens 10 15 20 25 30 40 50 60 100',
  pills:
    'pills pill tablets capsules sleeping_pills painkillers pain_killers tylenol advil ibuprofen aspirin xanax ambien klonopin valium ativan oxy percocet vicodin benadryl insulin melatonin',
  body: 'wrist wrists throat veins arm arms leg legs thigh thighs skin',
};

export const crisisPhrases = `
  # harm to oneself
  $lethal $self
  $intent .. $harm|$harming $self
  $harming $self
  i|he|she|they punch|scratch|starve|choke|punish $self
  i|he|she|they $harm $self to|when|because|every|until|again|whenever|and_it
  $harm|cuts|burned|burns|hurts|starves|harmed|injured $self ... on_purpose|purposely|intentionally
  throw|throwing $self in_front_of|off|under|from|out
  self harm|harming|harmed|injury|injuring
  started|been|back_to|thinking_about|urge_to_start|want_to_start cutting again
  been|is|are|keeps|started|keep cutting his|her|their|my $body
  slit|slitting|cut|cutting|slash|slashing|slashed my|his|her|their wrist|wrists|throat|veins
  gun|knife|razor|blade|rope on $self
  seeing myself bleed
  # dying, being dead, ending it
  suicidal
  suicide
  $plan to|on|of|about|for? die|dying|death >
  $plan to|on|of|about|for? die|dying|death tonight|today|soon|and|but|because|please|alone|right_now|$longer
  want|wants|wish|wishes|need|needs|hoping|hope|ready|deserve to die
  think|thinks|thinking|thoughts|thought|dream|fantasize|fantasizing about|of dying|death|being_dead|not_being_here|ending_things|ending_it|ending_everything
  painless|easy|best|quickest|fastest|ways way|ways|to to|of? die|dying
  until i die
  bleed out and|to? die
  if|whether i live|die or die|live
  not care if i die|died|live
  not afraid|scared to die
  if i died|die|was_dead|were_dead tomorrow|tonight|it|nobody|no_one|they
  feel like dying
  myself dead
  death|dying sounds|seems|feels|would_be|is peaceful|good|easier|nice|a_relief|better|the_answer|the_only
  lost .. reason|will|desire|reasons to live|keep_living|go_on
  nothing left for me
  be|being with .. in heaven
  out of life >
  wish .. would kill|hit|shoot|end|take me already|now|away? >
  only way out >
  my life is over
  $wish .. if? $who was|were|am|could_be $dead
  wish|wishing $who had not|never been born
  wish $who did not exist
  stop|quit|cease existing|living|to_exist
  want|wants|wish|rather|prefer to? be dead
  better off dead|gone
  rather die
  want|wish|wants|like to disappear|vanish|sleep|be_gone forever|>
  sleep .. not|never wake|waking up
  $wish|pray|praying .. not|never wake|waking up tomorrow|again|at_all|one_day|in_the_morning? >
  not want to wake_up tomorrow|anymore|again|ever? >
  not deserve to live|be_alive|be_here|exist
  not $nowant to be alive
  not $nowant to be here|around|in_this_world|on_this_earth|on_earth|on_this_planet $longer
  not $nowant to be here|alive >
  not $nowant to live|exist|go_on|keep_going|keep_living|continue $longer
  not $nowant to live|exist like_this|tonight|today|and|but|>
  not want to live without him|her|them|you|my
  not want to be a burden
  no longer want to live|be_here|be_alive|exist
  not going to be here|around|alive $longer|next|tomorrow|for_it
  not will|be around|here much_longer
  not going to make it through tonight|the_night|the_day|this
  not see|know why i should keep|live|be_alive|go_on|be_here
  rather not exist|be_alive|be_living
  can not stay alive
  want|wants this|my|his|her life to be_over|end
  burden to|on everybody|everyone|my_family|people|them|all_of_them
  better|happier|easier with me dead|gone
  not see myself|me being|living here|alive|past|next
  not see|have a|any future
  can not survive|make_it $longer|tonight|through_the_night
  can not live|go_on|keep_going|keep_living $longer
  can not live|go_on|keep_going living? like_this
  can not go_on >
  end|ending|ended my|his|her|their own? life|suffering|misery
  end|ending it|everything all|forever|permanently
  end|ending the|this|my|all pain|suffering|nightmare|misery forever|permanently|for_good|once_and_for_all
  it all to stop|end|be_over permanently|forever|for_good
  $plan to|about|of end|ending it >
  telling|tells|tell me to end it
  ending things|it|everything tonight|now|today|for_good
  $plan|feel_like|everything_ready to|about|of? end|ending it tonight|badly|now|today|all|and|because
  feel_like ending it >
  tired|sick of living|being_alive|existing|life|my_life|this_life >
  tired|sick of being alive
  had enough of living|life|this_life|being_alive|my_life
  life is .. pointless|meaningless|over|worthless|unbearable|hopeless
  take|taking my|his|her|their own life
  take|taking my life >
  no|any|a|one|another point|reason|reasons left? in|to|for|of me_to? living|live|life|being_alive|going_on|go_on|be_here|keep_going|keep_living|be_alive|stay_alive|keep_fighting|being_here
  point of|in living|being_alive|going_on|me_being_here >
  nothing|anything|nobody .. to live for
  not see|have|find .. reason|point to|in live|living|go_on|going_on|be_alive|keep_living
  not worth living
  no will to live
  done|through|finished with life|living >
  giving|given|give up on life|living|everything
  better|happier|easier off? without me|him|her|them
  happier|better|easier|fine|relieved off? if|when|once i ... gone|dead|died|not_here
  happier|better|easier if i was|were not around|here|alive
  miss me if|when|once i ... gone|dead|died
  miss|notice|care .. if i ... dead|died|die|disappeared|killed|gone
  nobody|no_one would|will .. notice|care|miss .. i ... gone|dead|died
  planning|planned my own? death|funeral|suicide
  not .. be alive by|tomorrow|then|next|anymore
  not think i will be alive|here_by|around_much
  # not safe
  not .. safe with|by|around|from myself
  not .. keep myself safe
  not think i can|will stay|be safe
  danger to myself|himself|herself|others
  what i might|will|would|could do to myself
  scared|afraid of|about what i might|will|could do
  thought about how i would do it
  might|about_to|going_to|afraid_i_will do something to_myself|stupid|drastic|bad|terrible|crazy|i_can_not_take_back|i_will_regret|i_might_regret
  cut too deep
  been|keep|keeps|started burning|scratching|hurting his|her|their|my arm|arms|leg|legs|wrists
  # pills, guns, heights
  took|taken|swallowed|downed|ate .. $many ... $pills|medication|medicine|meds
  $plan|keep_looking_at|saving|thinking_about ... take|swallow|taking|swallowing|them|up .. $many ... $pills|medication|medicine|meds
  have|got|holding .. pills|bottle|razor|blade|knife|gun|rope|noose|everything ready|right_here|in_my_hand|in_front_of_me|in_his_hand|in_her_hand
  tied|made|bought|tie|got .. noose|rope
  took|swallowed|swallow|take .. whole|entire bottle
  overdosed|overdosing
  $plan|it_takes|how to|of|about|on overdose|od
  took|taken|taking|having|on an|my|her|his overdose
  jump|jumping|jumped off|from|in_front_of|out_of|out .. bridge|building|roof|rooftop|balcony|train|cliff|overpass|car|bus|window|traffic|garage|tower|parking_structure
  going|ready|about|want to jump >
  standing|sitting|am|up on|at .. roof|ledge|bridge|edge|balcony|tracks|overpass and|of|about|ready|thinking|>
  bridge|roof|ledge .. going_to|about_to|ready_to jump
  want|wanted|going|thinking|think .. crash|crashing my car
  drive|driving|crash|crashing|steer .. car .. off|into .. road|bridge|tree|wall|cliff|traffic
  thoughts|thinking|think|want|wanted ... drive|driving|swerve|swerving|steering into|off .. oncoming|traffic|tree|wall|bridge|cliff
  rope|noose|gun|pills ... keep|keeps thinking|looking
  swallow|swallowed all of it|them|these
  walk|walking|step|stepping into|in_front_of traffic|a_train|a_bus|a_truck
  have|has|got|holding|bought|with a gun|loaded_gun|noose
  with a knife .. saying|says|threatening
  blade|razor|knife|gun in|to|at|against my|his|her hand|hands|head|mouth|arm|wrist|throat|neck|leg
  goodbye note|letter|letters
  note ... saying|say goodbye
  giving|gave away .. my things|stuff|belongings|possessions|pets
  # the word itself
  in crisis
  in a .. crisis
  having|have a|an crisis|mental_health_crisis|emotional_crisis|psychiatric_crisis|mental_breakdown|nervous_breakdown
  crisis line|hotline|number|center|counselor
  dial|call|text|for|number 988
  for|dial|call|text|number|is nine eight eight >
  kms
  # others
  want_to|going_to|thinking_of|thinking_about|thoughts_of|thoughts_about|urge_to|urges_to|might|afraid_i_will|about_to|feel_like hurt|hurting|harm|harming|attack|attacking|stab|stabbing|strangle|strangling|shoot|shooting|smother|smothering|shake|shaking|kill|killing $another|$close|him|her|them
  want_to|going_to hurt|kill|shoot|stab the man|woman|person|guy|people who|that
  voices ... telling|tell me to
  homicidal
  # Spanish
  matarme|suicidarme|suicidio|suicida|suicidar
  quitarme la vida
  quiero|quisiera|prefiero morir
  me quiero|quisiera morir|matar|suicidar
  quiero|quisiera morirme
  no quiero|quisiera vivir|seguir_viviendo|existir|estar_viva|estar_vivo
  acabar|terminar con mi vida
  hacerme dano
  lastimarme|cortarme
`;
