/** What takes the hints of `indirect.ts` back: manners of speaking, and ordinary business of the same words. */
export const notIndirect = `
  burden to|on|for my|the|our schedule|wallet|budget|card|insurance|skin|account
  way out of the|that|town|a .. parking|garage|building|lot|contract|lease|membership|appointment|package|office
  hope of|for|that|in|to
  nothing|things|it ... better|easier than|deal|price|with|by|on|until
  can not $unable this|it|another|one_more facial|needle|filter|hold|music|traffic|pain|itch|itching|rash|acne|hair|shaving|waxing|appointment|treatment
  gone to|on|for|from|until|this|that|next|over|up|well|by|home|back|out|down|through
  gone .. vacation|lunch|weekend|week|work|trip
  looking|look|looked|staring at|down|over the|that|a bridge of|over
  bridge of my|the|his|her nose
  drive|drove|driving|going|go|went|walk|walking|walked to|past|over|onto|up|off the|a|that $edge to|and_turn|get|near|on_my_way|exit|level|is|entrance|on
  past the $edge
  saving|saved|save .. on|money|up_for|for
  save|saved|saving my|the prescriptions|receipts|points|place|spot
  lethal|fatal|deadly|lethal dose|amount of botox|retinol|filler|lidocaine
  take|taking|took myself out to|for|on|shopping|dancing
  dark place to|or|for|with|like|away
  store|keep|stored|kept|stays ... dark place
  dark thoughts about the_price
  goodbye to my wrinkles|acne|double_chin|frown|lines|belly|hair|dark|crows|unwanted
  goodbye to everyone at|in the|this|your
  say|said|saying goodbye to|and_hang|now|then
  last|final time you|they|we will? see me here|there|this|in|for|at|until|before
  coffee|caffeine|facials|botox|sunscreen|wine|chocolate ... keeping|keeps me alive|here|going
  reason i am still here on|waiting|at|in
  why am i still? here on|holding|waiting|in|paying|at|listening
  not mind if|dying my|the|it|hair
  locked himself|herself|themselves in the|a|his|her .. car|house|by_accident|on_accident
  feel|feeling|am trapped in|by
  rather be nowhere|gone for|by|else
  miss me at|in the
  asleep forever in|on
  when|after|once i|he|she am|is gone .. to|on|for|from|until
  not make|get|last it through the|this|another .. without|traffic|meeting|movie|class
  write|wrote|left|leave|writing .. note|notes|letter .. on|in|for|with|about the|my|your account|file|chart|desk|doctor|provider|appointment|insurance
  loaded|loading .. gun of
  $means ... refill|refilled|pharmacy|transferred|picked_up|before|with_food|as_directed
  gun|guns massage
  massage gun
  theragun
  hurt|cut|burned|burn myself|himself|herself again shaving|cooking|at|while|with
  $vehicle stop|station|depot|lane
  gun for|facial|massage|hair
  disappear|sleep for a
  want to sleep >
  want to sleep in|on|through|after|before|better|well|at
  end|ends|ending things|it_all on|at|by|with|early
  done fighting|struggling with my|the hair|skin|acne|website|app|link
  tired|sick|exhausted of fighting|trying|struggling|hurting|everything with|to|my|from
  point of|in trying|anything|continuing if|when|with|without|on|at
  would|will .. notice|care|cry that|about|how|the
`;
