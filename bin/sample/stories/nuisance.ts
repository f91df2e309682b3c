// What nobody asked for: threats, insults, traps, and things that belong to another company.
import { exchange, story, type Exchange, type Story } from '../screenplay.ts'

export const nuisanceStories: readonly Story[] = [
  story(
    'bert',
    'murmur',
    'bert',
    { day: 17, at: '20:01', labels: ['complaint'], team: 'care' },
    `
    you: @LarkmoorAir THIEVES. 34 minutes late and I want ALL my money, hotel, and the steward FIRED
    +20m @jonas: Good evening. 34 minutes are annoying, and I am sorry for them. What happened with the steward? – Jonas
    +4m you: he LOOKED at me. you people are all the same, I know where your office is
    +9m #jonas: That is a threat, even if a silly one. Passing to Amara, not answering alone.
    +12m @amara: Your refund for the seat fee is paid, since the recline did not work. Threats end a conversation here, so please don't make another. – Amara
    +3m you: or what. OR WHAT. I will come and I will find this Jonas
    !delete
    !block: Threatened a colleague by name after one warning; the refund that he was owed is paid.
    #amara: Reported to the platform and to the police station in Lisbon, screenshot is with Dagny. Jonas is informed and fine.
    !resolve
  `,
  ),
  story(
    'bomb-joke',
    'murmur',
    'lol_skywalker',
    { day: 5, at: '11:48', labels: ['safety'], team: 'press' },
    `
    you: imagine if I said the b word on @LarkmoorAir LMR 511 today lol would they land it
    +2m harbour_gull: delete this. now. seriously
    +4m #colette: Called the security desk before writing a line. They take it from here. We answer nothing.
    +8m you: it was a JOKE omg there are police at my gate
    !delete
    +30m #colette: Security closed it: seventeen, sorry, missed his flight. Nothing from us in public.
    !wait
  `,
  ),
  story(
    'harassing',
    'chat',
    'Anonymous Visitor',
    { day: 7, at: '02:14', labels: ['safety'], team: 'care' },
    `
    you: I want to report something and I do not want my name in it. Can you promise that?
    +5h @amara(read): Good morning. Yes: without your name, and only two people read this, Dagny and I. Take your time.
    you: A supervisor at the desk in Leipzig tells passengers that the free rebooking "is over" and then sells it. I have seen it three times. He pockets the slip.
    @amara(read): Thank you. That took courage. I have passed it to the person responsible for such matters, who does not work in Leipzig and does not know him. You hear from me within a week, here, without a name.
    #amara: Do not discuss in the team. Dagny has it.
    +6d @amara(read): As promised: it was looked into, you were right, and it has ended. More I may not say. Passengers concerned get their money back without asking.
    you: Thank you. I had not expected to hear anything again.
    !resolve
  `,
  ),
]

export const nuisanceExchanges: readonly Exchange[] = [
  exchange(
    'spam',
    ['chat', 'sms', 'murmur', 'forum'],
    { labels: ['spam'], subject: 'Great opportunity' },
    [
      'Dear airline manager, your website is on page 9. We bring you to page 1. First month free. Reply YES.',
      '🔥🔥 CHEAP MILES 🔥🔥 no questions asked 👉 write me 👈',
      'Congratulation! You have been choose for a seat lottery. Send card number for the verification of the win.',
      'I am prince of a country and need to check in 40 pieces of luggage containing money.',
      'Best SEO for aviation, we work with the big ones, they don’t want you to know',
    ],
    `
    #: Spam. || Nothing for us. || Same text as last week from another number.
    !resolve
  `,
  ),
  exchange(
    'wrong-house',
    ['chat', 'sms'],
    {},
    [
      'My parcel is late since Thursday. It is a lamp.',
      'Is this the number of the dentist? I have an appointment with Dr Larkmoor.',
      'you do trains? then why is it called air',
      'Hi mum, landed, all good, what is for dinner',
    ],
    `
    @: I am afraid that you have reached an airline. We would love to help with the lamp, but we only know about things with wings. || This is Larkmoor Air, and the dentist is somebody else. I hope it won't hurt. || Glad that you landed well! This is the airline, though. Mum would like to hear it too.
    you: oh. OH. sorry || haha ok. good luck with the wings
    !resolve
  `,
  ),
]
