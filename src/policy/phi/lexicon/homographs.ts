/** Names that are other words as often: only the words around them decide. */
export const ambiguousNames = `will may mark bill frank art grace rose hope faith joy june april august summer autumn dawn sunny sandy misty stormy rusty dusty rocky buddy
mac major olive guy ray grant dean drew sue pat penny candy ginger rosemary basil amber ruby pearl crystal jade coral opal gem ivy daisy lily violet iris heather holly poppy
hazel olive angel star destiny princess precious duke earl king prince baron christian chase hunter mason carter cooper parker taylor tanner miles wade reed lance rich chuck
chip cliff dale glen heath clay bud buck gene jay rob rod stone robin wren birdie rex charity patience mercy melody harmony carol merry sky honey sugar brandy sherry coco
victor oscar mike charlie juliet romeo lady kitty peg pop junior sonny ace bishop noble page season kid polo tab bell cook baker max min les mo al lo can an so do see
van von dick willy nick don gay ward web price day long young brown white black green gray grey love hart field banks
woods rivers brook brooks forest lane street north west east hill church temple wood park marsh pond lake bay cox hall house rice bean lamb fish wolf fox bird drake swan crane
hawk martin dove sparrow finch small little short strong sharp smart swift noble wise goodman moody savage wild bright sweet best peace justice liberty freedom glory chance
fortune champion knight page squire abbott pope deacon priest judge marshal sheriff sergeant major general colonel captain shepherd miller smith taylor potter carpenter mason
gardener fisher barber butler cook porter weaver tucker walker turner bowman archer wheeler cole coal silver gold steel diamond alexa siri google alfredo marinara latte
mocha chai basil saffron sage cinnamon clementine olive cherry apple peaches brie colby jack kraft campbell wendy wendys denny dennys applebee arby macy macys kohl kohls nordstrom
chase discover delta spirit jet virgin mercedes benz ford lincoln cadillac chrysler porsche tesla honda kia sierra`;
