// Longer conversations, where the first answer is not the last.
import { exchange, type Exchange } from '../screenplay.ts'

export const troubleExchanges: readonly Exchange[] = [
  exchange(
    'bag-missing',
    ['baggage', 'chat', 'sms', 'baggage', 'murmur'],
    { labels: ['baggage'], team: 'baggage', subject: 'Missing: {tag}' },
    [
      'Everybody has gone home with their bags. I am here with the belt. Tag {tag}.',
      'Bag {tag} did not come to {to}. In it: work clothes, a present, all my chargers. It begins tomorrow at nine.',
      'my suitcase and I were separated in {from}. It is green. I am getting there',
      'The belt stopped. The light went out. A man said "that was all". It was not all. {tag}',
      'Tent, stove, boots: in bag {tag}, somewhere. Me: at the foot of a mountain, in sandals.',
      'Hi. Third day, tag {tag}, your tracker says "in good hands". Whose?',
      'Bag is not here and the desk has a sign "back in 10 min" since 40 min',
      'Two bags checked in, one and a half arrived: the pram without its wheels. {tag}',
      'Landed in {to}, bag landed in {from}, where it had just been. It likes it there.',
    ],
    `
    @: I have {tag} on the screen: it missed the connection and is still in {from}. Where are you staying tonight, and what do you need before it comes? || Thank you for the tag, that is half the work. It was scanned in {from} at {hour} and not after. I am ringing the people who are there now.
    you: Hotel by the station, until the day after tomorrow. A toothbrush would be a beginning || At home, so no drama. But the present is for tonight
    #: {from} says container 4, left on the ramp. They have a photo.
    @: Buy what you need for one night and send me the receipt, up to 120 EUR without any questions. The bag flies at {hour}. || Found, with a photo: container 4, on its side, looking sorry. It flies on the next one and a driver brings it to you.
    +14h you: it is not here yet || The driver rang, he is at the wrong station
    @: He is four minutes away now, I have him on the other line. Blue van. || I see why: the address had an old number. He turns round, half an hour.
    +1h you: Got it! Everything there, even the present || Bag and I are reunited. Thank you, {agent}, you stayed on it
  `,
  ),
  exchange(
    'missed-link',
    ['chat', 'sms', 'chat'],
    { labels: ['booking', 'complaint'], team: 'care' },
    [
      'Missed the connection in {to} because {flight} was 50 minutes late. The machine offers me Thursday. It is Monday.',
      'You booked me on a link of 25 minutes with a bus in it. The bus took 26.',
      'running was useless, the gate closed in front of us, there were eleven of us, we waved',
      'stranded in {to} with a choir bus waiting at the other end, please be quick',
      'The next flight is full, the one after is full, the one after that does not exist',
      'Rebooked to {to} by way of {from}, which is where I am. I am already there. I am always there.',
      'We are two, the new tickets are for one. Please do not make us choose.',
    ],
    `
    @: Thursday is nonsense, I agree. There is a seat tonight at {hour} with a partner airline, and one tomorrow at 7 with us. Which one do you want? || All of you were on my list before you waved. Tonight does not work any more; tomorrow at 7 does, with a hotel that is five minutes away.
    you: Tonight please, if it is real || Tomorrow then. Who pays the hotel, the taxi and my mood?
    @: Hotel and taxi are paid, the codes come by message. The mood: 15 EUR at any counter, and I am here until ten. || It is real: confirmed under {ref}, seat {seat}. Boarding at gate A5, seven minutes on foot.
    you: Thank you. My bag too? || ok. and why is a link of 25 minutes sold at all
    #: Minimum connection in {to} should be 40. Third case this month, sent to planning.
    @: The bag comes along, I have just seen its tag being read. || It should not be. I have sent planning the list of everybody to whom it happened, and asked for 40 minutes. They answer by Friday and so do I.
    you: I am on board. Good work. || Fine. I will wait for Friday.
  `,
  ),
  exchange(
    'cabin-trouble',
    ['murmur', 'reviews', 'chat', 'murmur', 'forum'],
    { labels: ['complaint'], team: 'care', subject: 'What happened on {flight}' },
    [
      'Toilet out of order, both of them, on {flight}, for three hours. I have no further words for @LarkmoorAir',
      'Sat beside a man who clipped his nails from {from} to {to}. The crew "cannot intervene in grooming".',
      'My seat {seat} was wet. From what, nobody wanted to know, least of all me.',
      'No announcement, then a drop of what felt like a floor, then "that was it". What was "it"?',
      'The crew were talking about their pay, loudly, all flight long. They are right. But still.',
      'Paid for wifi, got a picture of wifi.',
      'The armrest came off in my hand at 9,000 metres. I still have it. What do I do with it?',
      'Four children kicked my seat {seat} in turns. I do not blame the children. I blame the rota.',
    ],
    `
    @: That is a flight one does not wish on anybody. I have found {flight} in the log and it is there, in fewer words than yours. May I have your booking code in private? || Thank you for writing it so clearly. What you describe should have ended with the first person who saw it. I am looking into it now. – {agent}
    +20m you: Sent. I don't want money, I want to know that somebody reads this || {ref}. And please no standard text
    @: It is read, by me, and by the person responsible for that aircraft: she has taken it out of service for tonight. || No standard text. It was our fault, from the first minute. What it costs us you get back, what it cost you I can't.
    #: Fleet confirms: defect was deferred twice. Should not have left {from}.
    +1d @: What I know today: the part is changed, the crew was right to ask for it, and somebody else was wrong to say no. You get 60 EUR, without having to want it. – {agent}
    you: That is more of an answer than I expected from anybody. Thank you || good. fix the planes, pay the crew, and we are friends again
  `,
  ),
  exchange(
    'worry',
    ['chat', 'sms'],
    { labels: ['assistance'], team: 'care' },
    [
      'I am terribly afraid of flying and it is my first time in eleven years. Is there anything that helps?',
      'Storm warning for tomorrow. Is it foolish to fly?',
      'My mother has dementia and flies with me. She stands up. What will they do?',
      'I have a stoma and dread the scanner. Nobody tells you these things',
    ],
    `
    @: Thank you for telling me. Yes, there is: seat over the wing, first to board, and a crew that knows. May I tell them? || It is not foolish. If it were not safe, nobody here would get on board either, and we do, with our children. May I tell you what will happen, step by step?
    you: Please do, both || yes. slowly
    @: Written into {ref}: you sit in {seat}, Ilse is the purser, she comes to you before the doors close and says what each noise is. || At security ask for the lane on the left: there is a private room, no need to explain, the word is "lark". I have told them the hour.
    you: I am writing this down. What if I panic all the same || You have no idea how much that helps
    @: Then you press the button and somebody sits down beside you. That is all, and it has been enough for many. || I have some idea, my brother has been through it. Have a good flight, and write to us from the other side.
    +2d you: I DID IT. I even looked out once. || We are there. Nobody stared. Thank you, {agent}.
    @: You did it, not we. What did you see? || I am so glad. Until the way back.
  `,
  ),
]
