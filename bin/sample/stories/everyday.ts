// The bread of the desk: what people write on any day, each in their own words.
import { exchange, type Exchange } from '../screenplay.ts'

export const everydayExchanges: readonly Exchange[] = [
  exchange(
    'name-typo',
    ['chat', 'sms', 'chat'],
    { labels: ['booking'] },
    [
      'hello, my ticket says {name}e and my passport says {name}. one letter. will they let me fly',
      'I got married on Saturday and my ticket has my old name. {ref}. Do I have to get divorced until Friday?',
      'First name and surname swapped on {ref}. The website swapped them, not me, I would know.',
      'Your form does not accept the dot in my name. My passport insists on the dot.',
      'typo in my name on {flight}, the correction costs 60 euro on the site. sixty. for an h.',
    ],
    `
    @: Hello {name}, I have it in front of me: booking {ref}, {from} to {to}. Could you write the name exactly as it stands in the passport? || Good day! That is quickly mended, and it costs nothing if it is the same person. How does the passport spell it, letter by letter?
    you: exactly as I am called here || See above, with the middle name: no middle name. || Just sent you the page. Please do not mind the photo
    @: Corrected, and free of charge. A new confirmation is on its way; the old one is no longer valid. || Done. Gate and check-in see the right name within ten minutes. Your seat {seat} stays yours.
    you: that was quick, thank you || Thanks!! || Brilliant. You may tell the website that it was wrong.
  `,
  ),
  exchange(
    'seat-change',
    ['chat', 'chat', 'sms'],
    { labels: ['booking'] },
    [
      'can we sit together, my boyfriend is in 4 and i am in 22, we are not fighting',
      'I am 1.98 m. Row {seat} has been designed by somebody who is not. Any exit row left on {flight}?',
      'I would like a window on the left. There is a glacier on the left.',
      'My father is 84 and has 27F. He does not walk so well. Can he sit further forward?',
      'is {seat} one of those windows without a window',
      'Booked extra legroom, got {seat}, measured it, it is the same as everywhere.',
    ],
    `
    @: Let me look at {flight} ... yes, there is something. Shall I move you? It costs nothing today. || I see two free seats further forward. One moment, and please tell me if you would rather keep the window.
    you: yes please || Please do. Does it cost? || ok but not next to the toilet again
    #: Moved by hand, the map online shows it only after the nightly run.
    @: Moved. The new boarding pass is in your mail, the old one turns into a souvenir. || It is done. {flight}, row 6, and I have left a note for the crew.
    you: you are good people || 🙏 || Great, thanks {agent}
  `,
  ),
  exchange(
    'left-behind',
    ['chat', 'baggage', 'sms', 'baggage'],
    { labels: ['baggage'], team: 'baggage' },
    [
      'I left my reading glasses in the seat pocket of {seat}, {flight}, this morning. Round, brown, a bit bent, like me.',
      'tablet under seat {seat} on {flight}!!! blue cover with a hedgehog sticker',
      'My son forgot Mr Flopp (a rabbit, grey, one ear) on {flight}. He will not sleep without him. Neither will we.',
      'A violin bow, in a tube. Overhead bin, {seat}. Please tell me that nobody threw away "a stick".',
      'left my whole lunch on board, keep it, but the box is my grandmother’s',
      'Umbrella. Red. {flight}. It never rains where I got off and it rains where I am now.',
      'keys keys keys!! on {flight}. ring with a little brass lark, your own souvenir actually',
      'A notebook, black, in the pocket of {seat}. It is my novel. It is the only one.',
      'left one (1) shoe on {flight}. yes I walked off with one shoe. it was early',
    ],
    `
    @: I am asking the crew and the cleaners of {flight}. They look before the next departure, so I should know within two hours. || Thank you for the good description, that helps more than you think. I have rung the ramp in {to}. || On it. What falls between the seats usually comes out when the plane rests at night; I will write in any case, also if we find nothing.
    #: Ramp says the cabin was clean. Asking the catering trolley, things travel with it.
    +3h @: Found! Row {seat}, between seat and wall, where else. Pick it up at our desk, or I post it to you, free. || It is here on my desk and in good health. Shall I send it, or do you pass by? || Good news: it went to {from} and back without a ticket and is now in our office.
    you: YES please post it, address is in the booking || I could kiss you. I pick it up tomorrow || oh what a relief, please send
    @: It leaves today with the afternoon post, wrapped as if it were mine. || It waits for you until the 30th, ask for {agent}. A document with your name is all you need.
    you: arrived! thank you thank you || Got it. You have a customer for life.
  `,
  ),
  exchange(
    'invoice',
    ['chat', 'chat', 'sms'],
    {},
    [
      'Need an invoice for {ref} with the VAT number of my company, please. Accounting is at my door.',
      'invoice came with somebody else’s name, does he get mine?',
      'Please send the receipt again, the first one has gone the way of all attachments',
      'Can you split the invoice of {ref}: two people, two companies, one trip?',
    ],
    `
    @: With pleasure. Which name and address shall it bear, and the VAT number? || I have made a new one for {ref}. Please look whether name and address are right now.
    you: address as in the booking, number follows in a minute || Perfect apart from the street number: 14, not 41
    @: Here it is, corrected and sent to your mail as well. || Corrected. It has a new number, and the old one is cancelled, so accounting may be at peace.
    you: thanks, they have left the door || Perfect. || thx
  `,
  ),
  exchange(
    'kids',
    ['chat', 'sms', 'chat'],
    { labels: ['assistance'] },
    [
      'Our daughter (9) flies alone to her grandma in {to}. What do we have to do, and who holds her hand?',
      'Can a pram come to the gate? It folds. In theory.',
      'travelling with twins of 14 months, one lap each, is that even allowed with one adult',
      'Do you have baby food on board or do I fill a suitcase with jars',
      'My nephew is afraid of flying and asks me things I cannot answer. Can he ask YOU?',
    ],
    `
    @: Of course. {flight} is a quiet one at that hour. Let me tell you how we do it: one of us meets you at check-in and stays the whole way. || Yes, that works, up to the door of the aircraft. It comes back to the same door. || Good question, and thank you for asking beforehand.
    you: And if the flight is late? || Do I have to pay for that? || ok and on the way back the same?
    @: Then nobody leaves before everybody has been handed over, and we ring you. It costs nothing. || The same both ways. I have written it into {ref}, so you need not explain it twice.
    you: That calms me more than it calms her. Thank you || great thanks || You are kind.
    !resolve
  `,
  ),
  exchange(
    'late-today',
    ['sms', 'murmur', 'chat', 'sms', 'murmur'],
    {},
    [
      '{flight} shows {hour}, then {hour}, then nothing. Pick a number',
      'Is {flight} late because of weather? There is no weather here.',
      '@LarkmoorAir {flight} "delayed, crew". Did you lose them or are they hiding',
      'will I get my connection in {to}? 35 minutes. I can run, I am not proud',
      'Gate says boarding, there is no plane. Is this a philosophical question?',
      '@LarkmoorAir sitting at the gate for {flight} next to a man who explains aviation to all of us. please board. please',
      'delayed again. my meeting is at two. do you have a time machine or at least a time',
    ],
    `
    @: {flight} waits for its aircraft, which left {from} 50 minutes late. New departure: in about an hour, and I write here if that changes. || The truth: a tyre is being changed. Twenty minutes, then boarding. Nobody had put it on the screen; now it is there. || I see it. The inbound landed two minutes ago, boarding starts in a quarter of an hour.
    you: ok. at least a real reason || And my connection? || Thank you for not saying "operational"
    @: Your connection is warned and waits seven minutes. Seat {seat} is near the door, take your things and follow Marta with the lark on her coat. || You arrive in time, I have just looked. If not, you are on the next one without asking.
    you: made it!! || on board. chapeau || we left. you were right to the minute
  `,
  ),
  exchange(
    'pets',
    ['chat', 'chat'],
    { labels: ['booking'] },
    [
      'I want to take my tortoise. She is 62 and never flew. Cabin or hold?',
      'cat 5.2 kg + bag 1.1 kg, limit is 6. do I shave the cat',
      'Assistance dog, 34 kg, lies under the seat on other airlines. On yours too?',
      'Is a parrot a pet or hand luggage? He will ask.',
    ],
    `
    @: In the cabin, in a box of 45 × 30 × 20 cm, and at her own pace. I have booked the place below {seat}. || Up to eight kilos together it is fine since spring; the page you saw is old, thank you for finding it. || Yes, at your feet, no box and no fee. I reserve the row with more floor.
    #: Page says 6 kg still. Told the web people, second time.
    you: wonderful. does it need papers || She thanks you, in her way. || He says "boarding completed". I did not teach him that.
    @: The usual ones for the crossing; I have sent you the list. || We look forward to meeting the passenger. Have a good flight, both of you.
  `,
  ),
  exchange(
    'checkin-app',
    ['chat', 'reviews', 'sms', 'chat'],
    { labels: ['complaint'] },
    [
      'The app tells me to check in on the website and the website tells me to use the app.',
      'boarding pass does not load at the gate, the wheel spins, the queue stares',
      'Your app logged me out in the middle of paying. Am I flying or not? {ref}',
      'it says "error 7". i have tried 1 to 6 they are not better',
    ],
    `
    @: You are flying: {ref} is paid and confirmed, seat {seat}. The app was wrong about it for an hour this morning; it is mended. || That is a merry-go-round of ours, sorry. I have checked you in from here; the pass is in your mail as a picture that needs no app.
    you: the picture works. thank you || ok but why do I have to find that out || got it
    @: Because an update went out before it was ready. It was taken back at noon. Thank you for telling us in words instead of stars. || Anytime. And if it spins again: the desk prints passes, free, without a sigh.
  `,
  ),
  exchange(
    'pregnant',
    ['chat'],
    { labels: ['assistance'] },
    [
      'I am in week 33, may I fly on the 2nd? Nobody can tell me, everybody tells me something.',
      'broken leg, cast up to the hip, flight on Sunday. do I need a second seat, a paper, a miracle',
    ],
    `
    @: You may. From week 28 we ask for a line from your doctor, not older than ten days, and that is all. || A paper from the doctor, yes; a second seat, no: I give you row 1, where the leg has room, at no charge. The miracle is up to you.
    you: That is the first clear answer this week. || row 1!! I take back everything I was going to say
    @: I have noted it in {ref}, and somebody brings you to the gate. All the best from here. || Done. Ask for the lift at door C, it is quicker than the sign says.
  `,
  ),
]
