// What comes in while somebody watches the demo.
import type { PlaceKey } from '../cast.ts'

export const trickle: readonly (readonly [place: PlaceKey, text: string, locale?: string])[] = [
  ['sms', 'Gate for {flight}? The screen says B, the app says C, my feet say stop.'],
  ['murmur', '@LarkmoorAir the new sandwich is good. I do not know how to feel about this'],
  ['sms', 'Left a blue scarf on {seat}, {flight}, this morning. It is only a scarf. It is not only a scarf.'],
  ['reviews', 'Left on time, landed early, the coffee was hot. Nothing happened and it was wonderful.'],
  ['murmur', 'third time {flight} is late this week @LarkmoorAir. at this point just call it the 9 o’clock'],
  ['baggage', 'Tag {tag}. It went round the belt once, I looked away, it was gone. Is somebody else wearing my shoes?'],
  ['sms', 'Kann ich meinen Hund am Freitag noch anmelden? 7 kg, sehr höflich. {ref}', 'de'],
  ['forum', 'Has anybody else been seated next to the same pilot-in-training twice? He is very nervous and very nice.'],
  [
    'murmur',
    'shoutout to the @LarkmoorAir crew on {flight} who sang happy birthday to my dad. he is 80. he cried. he will deny it',
  ],
  ['sms', 'Mon vol {flight} est affiché « retardé » depuis une heure, sans heure. Vous savez quelque chose ?', 'fr'],
  [
    'reviews',
    'The seat was broken, they moved me, the second seat was broken too. I was laughing by the third. Three stars, one a seat.',
  ],
  ['baggage', 'My skis arrived. They are not my skis. They are better than my skis. I am an honest man, please hurry.'],
  ['murmur', '@LarkmoorAir is it true that you charge for water now? asking before I get angry'],
  ['sms', 'رحلتي {flight} غداً، هل يمكنني تغيير المقعد إلى جانب النافذة؟', 'ar'],
  ['forum', 'Tip for {to}: sit on the left, the mountains are on the left, nobody tells you this.'],
  ['sms', 'you asked me to rate my call with Salma from 1 to 5. 6.'],
]
