// The day on which Skarnfell threw eight kilometres of ash into the only corridor that Larkmoor flies.
import { VOLCANO_DAY } from '../calendar.ts'
import { exchange, story, type Exchange, type Story } from '../screenplay.ts'

const day = VOLCANO_DAY

export const volcanoStories: readonly Story[] = [
  story(
    'ash-thread',
    'murmur',
    'gil',
    { day, at: '06:18', labels: ['volcano'], team: 'press' },
    `
    you[ash-cloud.png]: Skarnfell is up. 8 km and climbing, drifting straight into the Larkmoor corridor. If you fly LMR today: bring a book.
    +4m harbour_gull: who had "volcano" on today’s card
    +5m piet_v: anyone from @LarkmoorAir awake? LMR 204 at 07:50, do I get up or not
    +6m @colette: Awake, all of us. What we know at 06:35: the northern corridor is closed, LMR 204, 214 and 418 will not leave this morning. What we do not know: until when. Next word from us at 07:30, also if there is nothing new. – Colette
    +2m > piet_v: an answer with a time in it. ok. back to bed.
    +9m anxious_anna: my mum is on 418 alone she has no internet please
    +4m @colette: Anna, somebody from our team in Graz will find her at the gate. Please send us her name in a private message, not here. – Colette
    +30m #colette: One line everywhere: what is closed, what we do, when the next word comes. No guesses about tomorrow. Talking points are pinned. Anselm signs.
    +3m @colette: 07:30. Nothing has changed up there. Hotels are booked for everybody who is away from home, nobody has to ask for it. All fees for changes are off until Sunday. Next word 09:00. – Colette
    +8m row_9_forever: my hotel voucher says the hotel is in a different country
    +7m @haruto: Row 9, that is a good story and a bad voucher. Yours was swapped with somebody in Bergen; you both have new ones since two minutes ago. – Haruto
    +20m ironic_aileron: "nobody has to ask for it" is a sentence I have never seen an airline write
    +40m @colette: 09:00. The corridor stays closed until 18:00 at the earliest. We cancel everything north of Nantes until then, so that nobody travels to an airport for nothing. Next word 12:00. – Colette
    +3h @colette: 12:00. No change. 2,140 people are travelling another way, 610 are in hotels, 38 have told us that they prefer to stay where they are and we understand them. Next word 15:00. – Colette
    +25m gil_spots: for the record this is how you do it. times, numbers, no adjectives
    +3h @colette: 15:05, five minutes late, sorry. The south opens at 18:00. LMR 118, 226 and 402 fly tonight, slowly and the long way round. The north follows tomorrow if the wind keeps its word. Next word 18:30. – Colette
    +3h anxious_anna: she is HOME. a man called Ferdl carried her bag to the taxi. thank you Ferdl
    +14m @colette: Ferdl says it was an honour and that your mother carried the conversation. – Colette
    +1d @colette: Good morning. All corridors are open since 05:40. By tonight everybody is where they wanted to be, or on the way. What went wrong yesterday we write up by Friday, on our page, with names of things, not of people. – Colette
    !resolve
  `,
  ),
  story(
    'ash-rumour',
    'forum',
    'nightmail77',
    {
      day,
      at: '10:20',
      labels: ['volcano', 'safety'],
      team: 'press',
      subject: 'They flew through it. LMR 112 at 05:10.',
    },
    `
    you: Radar shows LMR 112 right at the edge of the plume at 05:10, forty minutes before they closed. Did they know? Who let them go?
    +12m gil: The advisory went out at 05:31. At 05:10 there was nothing to know. I have the bulletin here.
    > you: then post it
    +9m gil: Posted. Time stamp top right.
    +20m contrail_carla: so the headline should be "plane flew where it was allowed to"
    +25m #colette: LMR 112: landed 06:02, engines inspected with borescope, clean. We may say this. Operations confirms the times above. Approved by Anselm 10:58.
    +10m @colette: The facts, so that nobody has to guess: LMR 112 left before the advisory, passed 90 km south of the plume and landed at 06:02. The engines were inspected before anything else happened to that aircraft, and they are clean. The report will be public. – Colette
    +15m you: Fair. I change the title. Better a dull truth.
    +5m piet_v: this forum is getting too reasonable for me
    !resolve
  `,
  ),
  story(
    'ash-wedding',
    'chat',
    'Ottilie Brandvold',
    { day, at: '07:05', labels: ['volcano', 'booking'], team: 'care' },
    `
    you: I'm the BRIDE. Wedding tomorrow 14:00 in Trieste. LMR 214 is cancelled. I have a dress, a mother and four bridesmaids in Gothenburg. Please tell me there is a way
    +4m @amara(read): There is a way and it is long, so let's not lose a minute. Train to Copenhagen 09:12, flight with another airline to Venice 15:40, a bus for six that waits for you. I hold all of it for 20 minutes. Yes?
    +2m you: YES. the dress is 1.90 m long
    +3m @amara(read): It gets its own seat on the train, in the name of Ms Dress Brandvold. Tickets are in your inbox. Run.
    #amara: Other carrier 6 x 214, train 6 x 61, bus 480. Above the line, below what it would be to miss it. Signed by me, told finance.
    +9h you[sunset-wing.png]: WE ARE OVER THE ALPS. my mother is asleep on Ms Dress
    +1d you: MARRIED. 14:20, twenty minutes late, and the priest said "blame the volcano". thank you Amara. whoever you are.
    +3h @amara(read): A person with a tear on her keyboard. Congratulations from the whole night shift, to you both and to Ms Dress.
    !resolve
  `,
  ),
  story(
    'ash-insulin',
    'phone',
    'Konrad Zehetleitner',
    { day, at: '08:44', labels: ['volcano', 'assistance'], team: 'care', subject: 'Call in, 3 min 40 s' },
    `
    you: [Diabetic, stuck air-side in Graz since five, insulin for one more day. Does not want to leave the terminal because nobody can tell him whether he gets back in. Speaks slowly, is more worried than he says.]
    +3m #priya: Station manager goes to him in person. Pharmacy in the terminal has his brand. Re-entry letter printed.
    +35m #priya: Called back: has what he needs for four days, sits in the lounge, would like it noted that the soup is good.
    !resolve
  `,
  ),
  story(
    'ash-cats',
    'sms',
    'Bogumila Ferenc',
    { day, at: '09:30', labels: ['volcano'], team: 'care' },
    `
    you: Two cats alone in Porto, food until tonight. LMR 418. When do I get home, really
    +40m @salma(read): Really: not before tomorrow noon. Is there anybody with a key?
    +3m you: Neighbour. But I do not have his number. Only his door
    +6m @salma(read): Give me the street, the floor and the cats' names. My brother lives in Porto, he likes doors.
    +4m you: Rua do Sol 14, third, left. Pixel and Madame
    +3h @salma(read): Neighbour is called Sr. Abílio, he has the key, he has fed Pixel. Madame refuses to discuss it with strangers.
    +2m you: That is her. Thank you. I am crying in an airport
    !resolve
  `,
  ),
  story(
    'ash-businessman',
    'chat',
    'Sterling Vandermolen',
    { day, at: '10:02', labels: ['volcano', 'complaint'], team: 'care' },
    `
    you: This is unacceptable. I have a board meeting at 13:00. I demand that you put me on the next flight
    +50m @jonas: Mr Vandermolen, I would if there were one. Nothing flies north of Nantes before 18:00, ours or anybody's. What I have: a video room at your airport, quiet, from 12:30, paid by us.
    you: I do not want a room I want a plane
    +30m @jonas: So do 2,100 others, and the ash listens to none of us. The room is yours until 16:00, first floor, door 112. The coffee there is better than at the gate.
    +4h you: The meeting went fine. The coffee was as described.
    !resolve
  `,
  ),
]

export const volcanoExchanges: readonly Exchange[] = [
  exchange(
    'ash-ask',
    ['chat', 'sms', 'murmur', 'chat', 'sms'],
    { day, labels: ['volcano'] },
    [
      'Is {flight} flying today or not? The app says "on time", the sky says no.',
      'Stuck in {from}. Two kids, one banana. What now?',
      'hi, {flight} cancelled?? got a text that was cut off after "unfortu"',
      'Can I change {ref} to Sunday without paying? Volcano obviously',
      'My connection in {to} is gone. Do I queue or do I sit?',
      'Hotel voucher does not open on my phone. Booking {ref}, it is cold here',
      'We are 9 people in {from} and the desk closed at eight. Anybody there?',
      'do i have to go to the airport if you already cancelled. asking from my bed',
      'I want my money back, not another flight. {ref}',
      'Is it safe tomorrow? I do not care about late. I care about safe.',
      'You rebooked me via {to}. Twice. On the same day. I can only be one person',
      'my grandmother is on {flight} and her phone is off, is she in the air??',
      'Train instead of plane, do you pay that? Ticket is 86 euro',
      'How many meals does a volcano last? We have had one sandwich since 6',
    ],
    `
    @: {flight} does not fly today, I am sorry. You need do nothing: a hotel is booked for tonight, and you are on the first flight tomorrow. The details come in a message of their own in a few minutes. || Nothing flies that way before 18:00. I have put you on tomorrow's 09:40 to {to}; if you would rather have your money back, one word from you is enough. || You are not forgotten, we are only many today. I have looked at {ref}: change, hotel and meals cost you nothing, keep the receipts and send them here.
    you: ok. thank you for answering at all || Tomorrow is fine. Please let it be a window seat, I want to see the thing || Money back please || Thanks. Send somebody with soup
    @: Done, and written into {ref}. Next word for everybody comes at the full hour. || It is arranged. If anything looks odd, write here again, you keep this thread. || Of course. It is on its way, three working days at most.
  `,
  ),
  exchange(
    'ash-public',
    ['murmur'],
    { day, labels: ['volcano'] },
    [
      'Stuck at gate B9 with a yoga class that has now started teaching the rest of us. 10/10 @LarkmoorAir do not rescue us yet',
      '@LarkmoorAir your chatline told me the truth, in a full sentence, with a time in it. Are you ill?',
      'A man at Graz airport is playing "Hold Baggage" on the lounge piano and nobody from @LarkmoorAir is stopping him',
      'Day 1 of ash: the vending machine has accepted us as its own',
      'Why do I learn from a plane spotter and not from @LarkmoorAir that {flight} is not coming',
      '@LarkmoorAir seven hours. My phone has 4%. This is me using 1% of it to say: not ok',
      'shout out to the @LarkmoorAir woman in {from} who found blankets for a whole school class and one for their hamster',
    ],
    `
    @: We hear you. {flight} is rebooked for tomorrow and the news comes every full hour from here, first of all. – {agent} || You are right, and we were slower than the spotters. It has changed since noon: every full hour, here first. || Thank you for keeping each other company. Rescue comes tomorrow at 09:40, bring the mats.
    gil_spots: happy to stay the faster one || for what it's worth the hourly thing works || pics of the hamster please
  `,
  ),
  exchange(
    'ash-after',
    ['reviews'],
    { day: day - 2, labels: ['volcano'], data: { stars: 4 } },
    [
      'Volcano, night in a gym, and still four stars. They told us every hour where we stood. I have had worse on sunny days.',
      'Hotel was in the wrong town, but the man on the phone stayed on the line until the taxi came. Four stars for him, none for the mountain.',
      'Two stars less for the queue, two more for the lady who walked along it with tea. Mathematics of an eruption.',
    ],
    `
    @: Thank you, {name}. We have written down what we did badly that day, the queue comes first on the list; it is on our page since Friday. || You flew with us on the hardest day of the year and found something good to say. That goes to everybody who was on shift.
  `,
  ),
]
