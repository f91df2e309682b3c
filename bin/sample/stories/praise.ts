// What people say when it went well, and what they would do better.
import { exchange, story, type Exchange, type Story } from '../screenplay.ts'

export const praiseStories: readonly Story[] = [
  story(
    'crew-402',
    'murmur',
    'wren',
    { day: 10, at: '22:02', labels: ['praise'], team: 'care' },
    `
    you: Panic attack somewhere over the bay. A steward called Ilse sat down on the floor of the aisle, held my hand for forty minutes and told me about her goats. @LarkmoorAir I do not know how one thanks for that.
    +4m goatmilk_greta: what are the goats called. this matters
    +6m > wrenwrites: Kaiser, Mokka and the one who has no name because he does not come
    +12m @aylin: Wren, I have just read this to Ilse on the phone. She says that you were brave and that the nameless one came today. – Aylin
    +5m goatmilk_greta: I am crying in a supermarket
    +1h wrenwrites: Tell her I will name my next tomato plant after him
    !resolve
  `,
  ),
  story(
    'lost-ring',
    'reviews',
    'Amadeo Ruzsika',
    { day: 14, at: '19:44', labels: ['praise', 'baggage'], team: 'baggage', data: { stars: 5 } },
    `
    you: My wedding ring slipped off over the Alps. They took out a row of seats. A ROW OF SEATS. The mechanic found it in the rail and his hand was too big, so he fetched a colleague with a smaller one. Forty years married on Sunday.
    @liam: The hand belongs to Joana and it has been insufferable since. Congratulations to you both, and to the ring. – Liam
    !resolve
  `,
  ),
]

export const praiseExchanges: readonly Exchange[] = [
  exchange(
    'stars5',
    ['reviews'],
    { labels: ['praise'] },
    [
      'Small plane, big heart. The captain came out and apologised for the bumps in person, to every row.',
      'I have flown for thirty years. This was the first time that somebody on the chat knew what an oboe is.',
      'On time. Clean. Nobody sang. Five stars.',
      'They waited six minutes for my mother. Six minutes is nothing, and it was everything.',
      'Bag came before I did. I did not know that this was possible.',
      'My daughter was sick on the steward. He said "welcome on board". Five stars and a new shirt from me.',
      'Booked wrong, my own fault, mended in four minutes by a person with a name. Thank you, Salma.',
      'Delayed 2 h, but told why, told when, told true. I prefer that to being early.',
    ],
    `
    @: {name}, this goes up on the wall in the crew room today. Thank you for taking the time. || Thank you! I have told everybody concerned, and one of them has gone quite red. || It is the kind of line for which one gets up at four. See you on board.
  `,
  ),
  exchange(
    'stars3',
    ['reviews'],
    {},
    [
      'Fine flight, sad sandwich.',
      'Seat {seat} leans forward, as if it listened. I don’t want to be listened to.',
      'Good people, bad app. I would marry the first and leave the second.',
      'Friendly at the gate, unreachable at night. The night was when I needed you.',
      'Average. But honestly average, no tricks. There are worse things.',
    ],
    `
    @: Thank you for the fair words. The sandwich has been reported to the authorities, which is us. || Noted, {name}, and passed on by hand: the seat goes to the workshop on Monday. || You are right about the nights. From next month somebody is awake here until two; it is not enough yet, but it is a beginning.
    you: An answer! I add half a star in my head. || ok, fair
  `,
  ),
  exchange(
    'stars1',
    ['reviews'],
    { labels: ['complaint'] },
    [
      'Four hours, three gates, two apologies, one bus. Zero planes.',
      'The seat before me came down on my knees and stayed there, like the man in it.',
      'Suitcase arrived open. Everything there, but now everybody knows my pyjamas.',
      'You sold my seat twice and then asked ME to be flexible.',
      'Nobody knew anything. Very friendly. But nobody knew anything.',
      'The air was cold, the tea was cold, the voice from the ceiling was cold.',
    ],
    `
    @: {name}, reading this was not pleasant, and living it was worse. May I look at it? Your booking code by private message is enough, the rest is my work. || You have every right to one star. I have found {flight} in the log, and what went wrong there is not what we want to be. I am writing to you directly.
    +1d you: They did write, and they paid. Changed from one star to two. The pyjamas remain known. || Somebody called me. A human. It does not bring back the four hours, but I noticed it. || Two stars now, for the manner.
    @: Thank you for coming back to say so. We earn the third one next time.
  `,
  ),
  exchange(
    'ideas',
    ['forum', 'murmur', 'chat'],
    { labels: ['suggestion'], subject: 'An idea for {to}' },
    [
      'Idea: show on the app how long the walk to the gate is. In minutes, for legs like mine.',
      'Please fly {from}–{to} on Mondays. There are at least nine of us and we have made a list.',
      'You should let people give their seat upgrade to somebody they choose. I would have given it to the lady with the cast.',
      'Why not a shelf with books at the gate? Take one, leave one. I would start it.',
      'A quiet row. Nobody talks, nobody eats crisps. I would pay. I would pay a lot.',
    ],
    `
    @: I like it, and I am not the only one here: it has gone to the people who can do it, with your name. You hear from me, also if it becomes a no. || Thank you for the list! Nine is a beginning. I have passed it to those who draw the timetable.
    you: really? great. I will watch you || take your time, the tomatoes are slower
    +2d @: First word on it: not this winter, but it stands on the list for spring. I promised to say so. || It is being tried in Porto from the first of the month. If it works, it was yours.
  `,
  ),
]
