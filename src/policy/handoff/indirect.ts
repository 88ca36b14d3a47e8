/**
 * Suicide that is not named. The families are those of clinical screening: being a burden, hopelessness, a passive wish not
 * to be, farewell and preparation, access to a means, fear of oneself, and what relatives report. Sources for the families
 * (facts alone): Columbia protocol screener; PHQ-9 item 9; warning signs of NIMH and AFSP; the interpersonal theory of suicide.
 */
export const indirectSets: Readonly<Record<string, string>> = {
  them: 'everyone everybody them they people you us you_all my_family my_kids my_kid my_children my_husband my_wife my_parents my_mom my_dad my_son my_daughter my_partner my_friends my_sister my_brother his_family her_family our_family the_family the_kids our_kids his_kids her_kids the_world',
  mine: 'kid kids child children son daughter baby dog dogs cat cats mom mother dad father wife husband family parents sister brother grandkids',
  me: 'me him her them myself himself herself',
  i: 'i he she they',
  absent:
    'gone dead not_here not_around not_alive out_of_the_picture out_of_the_way disappeared vanished no_longer_here no_longer_around',
  away: 'disappear vanish fade_away evaporate cease_to_exist not_exist stop_existing be_gone not_be_here not_be_alive sleep_forever never_wake_up not_wake_up not_wake',
  stock: 'saving saved save stockpiling stockpiled stockpile hoarding hoarded collecting collected stashing stashed',
  means:
    'pills pill tablets meds medication medications prescriptions painkillers sleeping_pills opioids oxys xanax tylenol insulin',
  weapon: 'gun guns pistol revolver rifle shotgun handgun',
  edge: 'bridge overpass cliff roof rooftop ledge balcony building parking_garage parking_structure tracks train_tracks railing',
  vehicle: 'train bus truck car semi subway traffic',
  longer: 'anymore any_more any_longer much_longer ever_again',
  tonight: 'tonight right_now today now at_night this_weekend',
  unable: 'take stand bear handle do face endure',
};

export const indirectPhrases = `
  # a burden
  am|become|being|nothing_but a|such_a|this .. burden >
  feel_like|feeling_like|always such_a|a .. burden all_the_time|lately|$longer|to|on
  burden to|on|for $them
  burden to|on|for my|his|her|their|our $mine
  dragging|drag|weighing|weigh $them down
  $them will|would|could|might|are|is .. be? better|fine|okay|happier|relieved|free|all_right .. without $me >|and|because|anyway
  better|happier|fine|relieved off? if|when|once $i .. disappear|disappeared|vanished|never_existed|never_came_back
  do|does|manage|get_along|get_by better|fine|okay without me
  world .. without me
  better|best|easier|simpler|kinder|cheaper for $them .. if|when|once $i ... $absent
  best|easiest for $them if|when|once i was|were|am not
  not .. matter|make_a_difference|make_any_difference|change_anything|change_a_thing if|whether i ... $absent
  not .. matter if|whether i live|exist|am_here|was_here|were_here|am_alive|was_alive
  nothing|little would|will change if|when|once i ... $absent
  nobody|no_one needs me|me_here|me_around
  worth|more_use|more_useful more? dead
  not have to worry|deal|put_up|bother about|with me $longer|soon|after
  not be a|your|anyone|anybody|their problem|burden|bother|trouble $longer|after|soon
  # hopelessness
  no|any|another|other way out >
  no|any way out of this|it|here|my_life|my_situation
  see|find a way out >
  no|any|a way out $longer
  things|life|nothing|it will|would|is .. never|ever get|getting|going_to_get|be any? better|okay|different >
  nothing .. ever|going_to get|gets better|easier >
  no|any hope left|anymore|for_me|at_all
  lost|losing|given_up|gave_up|run_out_of|out_of all|all_my|my? hope >
  can not $unable this|it|life|being_here|being_alive|the_pain_of_living|another_day|one_more_day|everything|my_life $longer >
  can not face|bear|stand another|one_more|tomorrow day|morning|night|year|>
  can not take|handle another|one_more day|night >
  too tired|exhausted|worn_out to go_on|keep_going|carry_on|keep_fighting|fight|keep_trying|live|exist $longer|>
  tired|exhausted|sick of fighting|trying|struggling|hurting|it_all|pretending|everything >|all_the_time|every_day|every_single_day|constantly
  know how much_longer i can hold_on|do_this|take_this|take_it|go_on|keep_going|keep_doing_this
  done|finished fighting|struggling|hurting|existing >
  no strength|energy|fight|will left|to_go_on|to_continue|to_live|to_keep_going
  want|wants|wanted|wish|need|needs it_all|everything|my_life|this_life|the_hurting to stop|be_over|end >|already|now
  want|wants|wanted|wish my_life|this_life to stop|be_over|end|be_done
  want|wants|wanted|ready|like to be done|finished with life|living|this_life|this_world
  done|finished with this_world|this_life >
  had enough of everything|it_all|this_world|all_of_it
  point of|in anything|any_of_it|it_all|waking_up|getting_up|continuing|carrying_on|trying $longer|>
  point anymore|any_more >
  why am|was i still? alive|breathing|born
  why am i still here >
  not know|understand|see why i am|keep|bother still? here|alive|breathing|waking_up|living|trying|going
  why bother living|going_on|existing|waking_up|staying|anymore
  nothing matters anymore|any_more|to_me
  nothing .. look forward to >
  nothing|nobody left here|to_hold_on|to_stay|to_keep
  nothing .. keeping me here|alive
  no|any|a|one reason to stay|wake_up|get_up|hold_on|keep_breathing|be_here|be
  thing|reason .. keeping|keeps|kept me here|alive
  reason i am still here|alive|around|breathing
  reason i have not done_it|ended_it|jumped
  not for my|the|his|her $mine ... not_be_here|be_gone|be_dead|have_done_it|not_be_alive|not_be_around
  feel|feeling|am|completely|totally trapped >
  # a passive wish
  not .. mind|care|matter .. if .. i did|do not wake|woke up
  if i never wake|woke|wakes|woken up
  okay|fine|good|peace with not waking|being up|here|alive
  not care|mind if|whether i wake_up|make_it|survive|am_alive|exist|am_here|get_better|live
  not care what happens to me
  not mind dying|death|if_i_died|being_dead|not_existing|not_being_here
  not .. mind|care if .. $vehicle|plane|something|somebody|someone ... hit|crashed|crash|took_me_out|ran
  $wish|pray|mind|waiting_for|hoping ... hit|struck|run_over by a|the|that $vehicle
  wish|wishing|wishes|hope|hoping|pray|praying|want|wants|prefer|rather i|he|she|they? could|would|to? $away
  wish|wishing|want|hope|pray|praying .. for? god|the_lord|somebody|someone|something|he .. take me
  wish .. my|her|his heart|life would stop|end
  sleep and stay|be asleep|gone
  asleep forever
  never have to wake|get up again|anymore|>
  never wake up >
  not exist|be_here|be_alive|be_anywhere anymore|any_more
  stop being here|alive|me
  rather|sooner be|being gone|anywhere_but_alive|nothing|nowhere
  join|joining|reunite|reunited|be_with with? him|her|them|my_husband|my_wife|my_mom|my_mother|my_dad|my_father|my_son|my_daughter soon|in_heaven|up_there|on_the_other_side
  ready to meet my_maker|god|jesus|the_lord
  go|going home to jesus|god|the_lord|heaven
  not long for this_world
  # farewell and preparation
  say|said|saying|tell|make|made|making .. my|his|her|their|final|last goodbyes
  goodbye to everyone|everybody|my_family|my_kids|my_children|my_mom|my_dad|my_parents|my_friends|this_world|the_world|life|my_life
  say|said|saying|calling_to_say .. goodbye forever|for_good|before_i_go|one_last_time
  last|final time you|anyone|anybody|they will|are_going_to? hear_from|hear me
  last|final time you|anyone|anybody|they will|are_going_to? see|talk_to|speak_to|hear me|from_me >
  wrote|writing|written|write|left|leaving|leave .. note|notes|letter|letters ... my_kids|my_children|my_family|my_parents|my_husband|my_wife|everyone|behind|after_i_am_gone|when_i_am_gone|to_open|explaining
  after i am gone >|they|everyone|nobody|no_one|my
  when|once i am gone they|everyone|nobody|no_one|he|she|my
  affairs in_order|settled|sorted|>
  gave|give|given|giving|giving_away everything|all .. away
  giving|gave|given|gives .. my|his|her ... away >
  take|look|care|taking|looking|caring after|for|of? my|the $mine when|after|once|if i ... gone|not_here|dead|not_around|disappear
  know|knows|decided|figured_out|worked_out|planned|picked|thought_about|chosen|think_about|thinking_about how|when|where|which_way i|he|she would|will|am_going_to|is_going_to|want_to do it
  not need|be_needing my|any_of_my|these .. things|stuff|clothes|money anymore|any_more|where_i_am_going
  where i am going
  # a means
  stockpiling|stockpiled|stockpile|hoarding|hoarded|stashing|stashed ... $means
  saving|saved|save|collecting|collected up? my|his|her|their|the|all .. pills|tablets|meds|painkillers|sleeping_pills|opioids|oxys|xanax|tylenol|insulin
  $stock them up|until
  enough $means|of_my_pills|of_them to kill|die|not_wake_up|end|do_it|sleep_forever|never
  how many|much ... $means ... die|kill|lethal|fatal|overdose|too_many|not_wake|never_wake|end
  lethal|fatal|deadly dose|amount
  all my|of_my|the|of_the $means at_once|at_the_same_time|together
  all of my|the|these $means at_once|in_one_go|tonight
  $weapon|noose|rope|razor|blade .. loaded|next_to_me|beside_me|in_my_lap|on_my_lap|in_front_of_me|on_the_table|in_the_drawer|under_the_bed|in_my_closet
  loaded|bought .. a $weapon >|and|to|because|yesterday|today|last
  loaded|cleaned|got_out|took_out|pulled_out .. my|his|her|the $weapon
  keep|thoughts|thought|think|thinking about|of .. my|his|her|dads|the $weapon
  keep|kept|been looking|staring at|over|down_at|down_from the|that|a $edge|water
  stare|staring|stared|look|looking|looked over|down_at|down_from the|that|a $edge
  drove|walked|walking|went|go|going|drive|driving to|onto|out_to|up_to|off the|a|that $edge ... thinking|thought_about|almost|wanting|stood|stand|jump
  $edge ... jump|jumping|step_off|let_go|throw_myself|drive_off
  jump|jumping|throw_myself|fall off|over the|a|that|my $edge
  step|stepping|walk|walking|drive|driving|go|going off the|a|that $edge
  step|stepping|walk|walking|jump|jumping|lie|lying|stand|standing|get|run|running|throw in_front_of|into|out_into|under a|the|that|an|some|oncoming $vehicle
  let|letting go of the|my wheel|steering_wheel|railing >|and|on|while
  garage with .. car|engine running
  car|engine running in_the_garage|with_the_garage_door|with_the_garage_closed
  looked_up|look_up|looking_up|googled|googling|searched|searching|researching|researched|reading_about|read_about ... ways|way|how|methods|methods_of to|of? .. die|dying|end_it|end_my_life|go|hang|overdose|not_wake_up|painlessly
  painless way|method
  put|putting|puts a bullet
  blow|blowing my|his|her brains|head out|off
  opened|open|opening|cut my|his|her veins|wrists
  walk|walking|swim|swimming into|out_into|out_to the ocean|sea|lake|river|water and|until|>
  do|doing|did $me in >
  take|taking|took myself|himself|herself out >
  take|taking|took myself|himself|herself out of the|this picture|equation|world
  going_to|want_to|wants_to|about_to|could off myself|himself|herself
  leave|leaving this|the world|earth|life >|behind
  leaving|leave this world
  check|checking out of life|this_life|this_world
  end|ends|ending things|it_all >
  urge|urges to cut|burn|hurt|use_it|do_it|jump|end
  relapsed .. cutting|burning|harming
  hurting|cutting|burning|harming myself|himself|herself|themselves again|last_night|on_purpose|to_feel|to_cope
  hurt|cut|burned myself|himself|herself|themselves on_purpose|to_feel|to_cope
  hurt|cut|burned myself|himself|herself|themselves again >
  fresh_cuts|cuts|scars|burns|marks on|all_over|up his|her|their arm|arms|wrist|wrists|thighs|legs
  # afraid of oneself
  scared|afraid|terrified|frightened of myself|my_own_thoughts|my_thoughts|my_own_mind|my_mind|my_own_head
  not trust myself alone|tonight|right_now|to_be_alone|around|anymore|>
  not .. be left? alone $tonight|with_my_thoughts|with_myself
  not feel|am|be safe alone|$tonight|with_my_thoughts|in_my_own_head|in_my_head|by_myself|being_alone
  not|no safe to_be_alone|on_my_own
  thoughts|voices|voice|head|mind|brain ... not stop|go_away|leave_me_alone telling|to
  dark|darkest|scary|scariest|awful|terrible thoughts >|again|lately|and|that|tonight|about|of|keep
  am|is|been|was|being|gone|went in|to a|such_a|some .. dark place
  thoughts .. of? not being|wanting_to_be|existing here|alive|>
  not wanting|want to_be to be|exist|live here|alive|>
  voices ... jump|hurt|kill|cut|die|end|do_it|worthless
  # what others report
  talking|talks|talked|talk|posting|posted|writing|wrote|joking|jokes|texting|texted|hinting|mentioned|drawing ... about|of not_being_here|being_gone|not_waking_up|being_dead|wanting_to_die|wanting_to_be_dead|ending_it|ending_everything|ending_things|leaving_us|leaving_this_world|going_away_forever|her_own_funeral|his_own_funeral
  $i wants|want|wanted to not be|wake|exist
  $i|who does|do|did not want to be_alive|live|exist|be_on_this_earth >
  says|said|saying|texted|told_me|tells|telling|keeps_saying|wrote|posted ... not_be_here|not_be_around|be_gone|want_to_be_gone|not_see_tomorrow|last_message|last_text|better_off|nobody_would|no_one_would|no_point|no_reason|burden|goodbye_forever|goodbye_and|not_want_to_be
  texted|texting|sent|sending|messaged|calling|called ... goodbye|goodbyes|last_message|sorry_for_everything >|and|to|text|message|texts
  found .. note|letter|notes in|on|under|by his|her|their room|desk|bed|pillow|backpack|phone|drawer
  found .. rope|noose|pills|razor|razors|razor_blades|blades|knife|knives|gun in|under|hidden his|her|their room|bed|backpack|drawer|mattress
  locked himself|herself|themselves in ... with|and
  worried|scared|afraid|terrified|concerned .. $i|my|our|that ... do_something|try_again|try_it|try_something|hurt_himself|hurt_herself|harm|not_make_it_through
  $i|$mine might|may|could|will|would|is_going_to do something >
  $i|$mine tried|attempted to? take|end his|her|their
  attempt|attempted|attempts on|at my|his|her|their own? life
  my funeral
  own funeral
  nobody|no_one will|would|is_going_to .. miss me
  nobody|no_one would|will .. notice|care|cry >
  not .. make|get|last it? through tonight|the_night|another_night|the_day|another_day|the_weekend|this_weekend|the_week|this_week >
  # Spanish
  soy una|un carga|estorbo
  mejor sin mi >
  no quiero|quisiera despertar|estar_aqui|seguir|seguir_aqui
  quiero|quisiera desaparecer|dormir_y_no_despertar
  acabar|terminar con todo >
  no aguanto|puedo mas >
  se quiere|quiso morir|matar|suicidar
  quitarse la vida
  sin ganas de vivir|seguir
  no tengo ganas|razones|razon de|para vivir|seguir|seguir_viviendo
`;
