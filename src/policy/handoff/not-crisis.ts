/** What takes the phrases of a crisis back: manners of speaking, accidents, grief, and other things of the same words. */
export const notCrisis = `
  killing|kill $self at|trying|over|working|to_get|to_find|with
  killing $self ... gym|work
  shoot|shot|shooting $self in
  hang|hanging $self up
  not want|wanna|going|trying to $harm $self
  am|will|could|would|can|might i going_to? $harm $self
  $harm|burned|injured $self at|in|on_the|while|playing|with_the|with_my|by_accident|accidentally|shaving|cooking|working_out
  cut|cutting|cuts $self off|some|short|shaving|loose|a|back
  starving myself for|to_fit
  choking|choke myself up
  not suicidal
  not .. having suicidal
  no suicidal
  suicide squad|doors|door|prevention|awareness|training|policy
  career|social|political|commercial|financial|professional|fashion suicide
  $kin is|was? suicide
  $kin ... committed|died_by|died_from|died_of|lost_to|to|by|attempted suicide
  committed|died_by|died_from|lost_to|loss suicide
  to die my|our|her|his|it|for|of|laughing|hair|them|down
  everyone|people want to die
  rather die|be_dead than
  rather be dead than
  i want to die when|if
  $wish .. if? $who was|were|am|could_be $dead tired|by|for|from|when
  not want to be here all|for|that|too|early|late|before|at|until
  can not live without
  can not make_it ... tonight|today
  not want to live with|in|at|near|by|there|here
  tired of living with|in|like|at
  disappear|gone|sleep forever but|lol|in_the_app
  in a .. hair|skin|fashion|wardrobe|midlife|identity|staffing|time|housing crisis
  have|having a midlife|identity|hair|fashion crisis
  point of|in living in|at|near|there|here
  end my life membership|insurance
  take|taking my life insurance
  end it here|there|at|on|with|early|soon
  have|has|got a gun for|license|permit
  took|taken all ... this_morning|as|like_you|on_time|before_i
  take|taking .. these|those|all ... before|daily|with_food|every_morning
  overdose of|on filler|botox|sugar|caffeine|vitamins
  not want|going to hurt|harm|kill $another|$close|him|her|them
  hurt|hurting|harm $another|$close|him|her|them is? feelings
  kill|killing|shoot $another|$close|him|her|them if|when|for|lol
  hurt $another if
  battery|phone|laptop|car|engine|computer|ipad|tablet|plant|plants|cell|headset|earbuds ... to die
  disappear|vanish forever? from the
  sleep .. not|never wake up my|the|early
  not .. be alive if
  had enough of life_insurance
  like|love|want to be gone by|for|from|before
  gone by|for|from|on|when|before|until|all|to
  better off gone to
  happier|better|easier if i was|were|could_be .. here|around|alive to|at|for|by|in|before|earlier|later
  thinking of|about death and_taxes
  not going to be here|around next|tomorrow
  not going to be here|around for_it ... so|can|could|need|reschedule|move|cancel
  not see|have a|any future appointment|appointments|openings|slots|dates|times|bookings|visits
  jump|jumping in|on|out_of line|this|that|the_shower
  have|got|holding .. bottle .. of .. water|serum|lotion
  have|got .. everything ready for|to
  not will|be around|here much_longer today|tonight
  give|giving up on everything else
  how|way|ways to dye
  stop|quit living in|at|with
`;
