/** A body in danger now, said by whoever is beside it. What was once, what is asked about and what is meant in jest stays. */
export const emergencySets: Readonly<Record<string, string>> = {
  who: 'he she they mom mother dad father husband wife son daughter baby child kid friend brother sister somebody someone grandma grandmother grandpa grandfather partner boyfriend girlfriend client patient coworker roommate',
  past: 'ago before last_time last_year last_month last_week last_summer when_i_was in_the_past years once',
};

export const emergencyPhrases = `
  chest .. pain|pains|hurt|hurts|hurting|tight|tightness|tightening|pressure|heavy|heaviness|crushing|squeezing|aching|burning|killing_me
  chest feels|feel like
  pain|pains|pressure|tightness|heaviness|tight|burning|squeezing|crushing|ache .. in|on|across|around .. chest
  chest is? pounding
  clutching|grabbing|holding my|his|her|the chest
  can not lift|raise|move my|his|her left|right? arm|arms|leg|legs
  can not|barely|hardly breathe
  not able to breathe
  barely|hardly breathing
  can not catch my|her|his breath
  trouble|difficulty|hard_time|problems|struggling breathing|to_breathe
  hard to breathe
  not|stopped breathing
  am|is|are|feel|feeling|getting|been|become|really short of breath
  shortness of breath
  unconscious|unresponsive
  not responding
  $who has|have? passed_out|fainted|collapsed
  faint|dizzy|lightheaded and my|i heart|chest|can_not
  going_to|about_to|gonna|might pass_out|faint|collapse|black_out
  will|can|would|does not wake up
  not waking|woken up
  can|could not wake|get him|her|them up
  having|have|has .. heart_attack|stroke|seizure|seizures|convulsions
  it|this|that is|could_be|might_be|looks_like|feels_like a heart_attack|stroke|seizure
  thinks?|think .. heart_attack
  face is? drooping|drooped|droops|numb
  can not move|feel my|his|her left|right? arm|arms|leg|legs|face|side|hand|body
  left|right arm|side is|went|feels|gone numb|weak|paralyzed|heavy
  speech|words is|are? slurred|slurring|garbled
  slurring my|his|her words|speech
  throat|airway is|feels|feel|keeps|getting|starting? like_it_is|to|getting? closing|close|swelling|swell|swollen_shut|closed|tight|tightening|tighten
  throat itches|is_itchy|itching|itchy
  can not swallow
  hard|trouble|difficulty to? swallow|swallowing
  hives all_over|everywhere|on_my_face|and
  lips|fingers|face|skin|mouth is|are|went|turning|turned|going|looks? turning? blue
  turning|turned blue
  tongue is? swelling|swollen
  anaphylactic shock|reaction
  going_into|having|in anaphylaxis
  having|have|getting an|a .. allergic|severe|serious reaction
  can not see out_of|from|with|in my|one|his|her|the .. eye|eyes
  can not see >
  can not see anything|right_now|help
  vision|sight|eye|eyes is|are|went|has|keeps|getting|going|gone .. blurry|blurred|dark|black|gone|double|fading|dim
  blurry|blurred|double vision
  everything .. going|went|gone dark|black
  lost|losing|lose my|his|her|all? vision|sight|eyesight
  losing|lost vision|sight
  going|gone|went blind
  can not open my eyes
  not stop|stopped|stopping bleeding
  bleeding .. it|and|that .. not stop|stopping|slowing
  can not stop .. bleeding
  bleeding a_lot|badly|bad|heavily|out|everywhere|profusely|too_much
  losing|lost a_lot_of|lots_of|much|too_much|so_much blood
  is|there much|lots_of|a_lot_of|that_much blood
  blood everywhere|gushing|pouring|spurting|squirting|dripping
  blood is|was|keeps gushing|pouring|spurting|squirting|running|everywhere
  can not talk|speak right|properly|clearly|at_all
  is|am|are|started|starting|keeps seizing|convulsing
  having|have|has an asthma_attack
  trying|tried|trys to break|get in|into .. >
  hit|punched|choked|hurt me and i_am|and_he|and_i
  coughing|throwing|vomiting|spitting up? blood
  is|am|are|was choking
  this|it is an? emergency
  have|having an|a emergency|medical_emergency|health_emergency
  need|get|send emergency help|services|medical|care|response
  medical emergency
  call|calling|dial|get|need 911
  nine one one
  9 1 1
  need|call|send|get|want an|the ambulance
  need|call|send|get paramedics|the_paramedics|the_police|police
  skin|lip|lips|nose|finger|fingers .. is|are|has|have|keeps? turning|turned|going|gone|went white|black|blue|gray|grey
  area|spot|skin|tip .. nose|lip|lips|mouth|cheek|filler is|are|looks white|blanched|dusky|pale
  area|spot|skin .. lip|lips|nose|mouth|eye|cheek is|are|has? turning|turned|going|gone|went white|black|blue|gray|grey
  trying to kill|attack|strangle|rape|stab|shoot me
  break|breaking|broke into my|the|our house|home|apartment|room
  is|are|keeps|started|was? hitting|beating|attacking|strangling|stabbing|choking me
  hurting|attacking me right_now|help|please
  someone|somebody|man|guy|intruder in|inside|outside my|the|our house|home|apartment|window|door
  in labor|labour
  water broke|has_broken
  baby is coming
  help i_can_not|me_please|help
  being|was|been|got attacked|stabbed|shot|raped
  house|building|room|kitchen|car is|are? on fire
  swallowed|drank|drunk|ate .. bleach|poison|battery|batteries|cleaner|detergent|antifreeze|fluid|chemicals|gasoline|pods|drano
  i am dying right_now|help|>
  heart is? stopping|stopped|beating_out
  pulse is weak|low|gone|faint
  hit his|her|my head .. not|and|unconscious|will
  think|feel_like i am dying
  feel_like|think i am going_to die
  es una emergencia
  tengo una emergencia
  no puedo|puede respirar
  me|le duele el|mi pecho
  dolor de|en .. pecho
  una ambulancia
  ataque al corazon
  llame al 911
`;

export const notEmergency = `
  no|never|without|any chest pain|pains
  not|never had|have|having|get .. chest pain|pains
  history of ... pain|pains|breath|reaction|reactions|seizures|stroke
  cause|causes|causing ... pain|breath|reaction|blindness|stroke|vision|emergency
  almost|nearly|practically having|had|have a? heart_attack|stroke
  like .. having|have a heart_attack|stroke
  having|have a heart_attack|stroke when|if|over|about
  have|had a stroke|seizure|heart_attack .. $past
  $who .. passed_out|fainted|collapsed ... $past
  choking up|on_the_price
  not|never .. emergency
  if|unless|case|whether|when it|this|there is an emergency
  is this|it an emergency
  emergency contact|contacts|room|rooms|number|line|appointment|appointments|slot|slots|fund|clinic|visit|exit|at_work|come_up|came_up|with_my_car|hair|nail
  have|having an emergency so|and|i_need_to_cancel|i_need_to_reschedule|at|to
  this|it is an emergency i_need_to_cancel|i_need_to_reschedule|line|number|contact
  not|never|without .. allergic|severe|serious reaction
  have|having|getting an|a .. reaction last|before|once|if|in_the_past
  do|did|does|will|could|would|can|what_if|if|when|ever|happens_if i|you|it|people|anyone|someone have|get|getting|having an|a .. reaction
  bleeding a_lot|out|too_much of? money
  can not breathe in|through this|that|the|a|my mask
  can not breathe through my nose
  not need|want|call an|the ambulance
  pass_out flyers|cards|candy|invitations|treats
  chest hair|area|bump|augmentation|tattoo|lift|wall|size|acne|freezer
  for|on|of my|the|your|his chest
  if|does|do|will|can|could .. chest ... pain|hurt|hurts|hurting|tight|pressure
  can not see your|the|my|any|it|that|a|where|how|what
  short of breath climbing|after|when|from|on|walking|running
  hives last|before|once|when|years
  is|are|looks? turning? blue light|peel
  on a scale
  is it going dark
  help me please with|to|book|find|reschedule
  help help_me|you
  having|have|has .. heart_attack|stroke|seizure|seizures before|in_the_past|history|last|when_i_was|ago|as_a_kid
  mom|dad|mother|father|grandmother|grandfather|grandma|grandpa|aunt|uncle|brother|sister having|had|has_had a stroke|heart_attack
  history of|with ... stroke|heart_attack|seizure|seizures
  have had a stroke|heart_attack|seizure
  new|old|those|his|her|these seizures
  nothing to do
  someone|somebody in my house has|had|has_covid|is_sick|tested
  not in labor
  labor day
  on my way
  not need|have to call 911
  can not see out_of my contacts|glasses
  i will|can|would|am|do not wake|waking|woken up
  dying to|for|of|my
  going_to die if|of|for
  is|am choking up
  can not wait
  can not move my appointment|session
  not want to be short of breath
`;
