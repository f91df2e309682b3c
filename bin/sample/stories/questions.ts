// Questions that have an answer.
import { exchange, type Exchange } from '../screenplay.ts'

export const questionExchanges: readonly Exchange[] = [
  exchange(
    'hand-luggage',
    ['chat', 'sms', 'murmur', 'chat'],
    {},
    [
      'How big may a rucksack be? Mine is 42 × 32 × 21 and it breathes.',
      'does a hat count as hand luggage. large hat',
      '@LarkmoorAir is a wedding cake a liquid?',
      'Can I take two small bags instead of one that is big? They are very small.',
      'Jam. 340 g. From my mother. Hand luggage or heartbreak?',
      'I have a sword (theatre, blunt, wood). How do I travel?',
      'camera bag AND laptop bag? I know the rule, I ask for the practice',
    ],
    `
    @: 40 × 30 × 20 is what the frame measures, and soft bags may breathe a little. Yours is fine. || As one piece it is fine on {flight}. If somebody at the gate sees it differently, show them this. || In the cabin only up to 100 ml, alas. In checked luggage as much as you can carry, wrapped in socks.
    you: my socks and I thank you || Good to know, thanks! || And on the way back?
    @: The same both ways. Have a good trip to {to}! || Gladly. I have added a line to {ref}.
  `,
  ),
  exchange(
    'card-points',
    ['chat', 'chat'],
    {},
    [
      'My points from {flight} are missing. 1,140 of them. I counted.',
      'Do Lark points expire if I am too poor to fly this year?',
      'can I give my points to my sister, she is nicer than me',
      'I was Silver, now I am nothing. What happened between Tuesday and today?',
    ],
    `
    @: They hung in the night run of the 4th, with those of the whole flight. All 1,140 are there now, look again. || They stay for 36 months after the last flight, and one short trip wakes them all. || You can: up to 5,000 a year, in the app under "give". She will get a message with your name on it.
    you: there they are. hello points || Good. So I plan a very short flight. || done. she says she IS nicer
    @: Welcome back to all of them. || A pleasure. Until soon on board.
  `,
  ),
  exchange(
    'bikes',
    ['chat', 'sms'],
    { labels: ['booking'] },
    [
      'Bike in a box, 23 kg, how much and where do I hand it in?',
      'Surfboard 2.10 m. Your form ends at 2.00 m. Do I sand it?',
      'skis count as one or as two. philosophically two',
      'I have a telescope that is worth more than my car. How do I get it to {to} in one piece?',
    ],
    `
    @: 45 euro one way, handed in at the desk for large things, at the end of the hall, an hour and a half before departure. || Up to 2.40 m fits on {flight}. I have added it by hand, the form gets mended. || One pair, one bag, one price.
    you: great. can I book it here || And if it breaks? || thank you, no sanding then
    @: Booked, it is on {ref}. || Then we repair it, or pay for it. Take a photo before you close the box, we do the same when we open ours.
    you: nice, thanks || 👌
  `,
  ),
  exchange(
    'gift',
    ['chat'],
    { labels: ['booking'] },
    [
      'Can I give somebody a flight without knowing when they want to fly? They don’t know either.',
      'voucher from 2 years ago found in a cookbook. still good?',
      'I want to propose on {flight}. At cruising altitude. Is there a form for that?',
    ],
    `
    @: Yes: a voucher, three years long, with a card that you can print or that we send. || It is two months over its date, and I have just made it valid until summer. Cookbooks deserve it. || There is no form, there is me. Which seat, and does the crew know a song?
    you: perfect, thank you || seriously?? thank you!! || {seat}. No song please. Maybe a little song
    #: Told the purser of {flight}. Champagne on us, no announcement unless she says yes.
    @: Arranged. The rest is up to you. || It is on its way. Have fun with it.
  `,
  ),
  exchange(
    'work',
    ['chat', 'murmur'],
    {},
    [
      'Do you hire? I am 52, I was a night nurse, I can talk to anybody.',
      'my daughter (11) wants to know how one becomes a captain and whether one has to be good at maths',
      'We are a school class and would like to look at a hangar. There are 26 of us and we are curious.',
    ],
    `
    @: We do, and night nurses are the best people one can have on a desk at four in the morning. The link is larkmoor.example/jobs, and I have told Amara that you asked. || Captain Veldkamp answers herself: good at maths is helpful, good at staying calm is better, and maths can be learned. || Twenty-six curious people are welcome. The hangar in Porto has Thursdays free.
    you: thank you. I did not expect a real answer || she has printed it and put it above her bed || Thursday it is!
  `,
  ),
  exchange(
    'food',
    ['chat', 'sms', 'reviews'],
    { labels: ['suggestion'] },
    [
      'Is there anything to eat for somebody who can’t eat gluten, milk, nuts or in peace?',
      'vegan meal ordered, vegan meal forgotten, steward gave me his own apple. give him a raise',
      'Suggestion: real cups. It is only coffee but it would be COFFEE.',
      'Why does tomato juice taste of something only up there? Asking for science',
    ],
    `
    @: On {flight} there is a box without any of the four. I have put your name on it: {name}, row {seat}. || The apple was Paulo's. He gets a whole basket and you get the meal next time, twice confirmed. || It is written down and has gone to the people who choose the cups; they are not unmoved.
    you: peace is extra I suppose || say hello to Paulo || cups!!
  `,
  ),
  exchange(
    'callback',
    ['phone'],
    {},
    [
      '[Asks whether a guitar may be checked in under special care after what he read about the cello. Friendly, undecided.]',
      '[Lady of 81, booked by her grandson, does not find the gate number on her ticket. There is none yet. Wants to be told again slowly.]',
      '[Wants to complain about the music while waiting in the queue. Knows the piece, says it is played too fast.]',
      '[Lost his way between terminals, calls from a car park. Walked to door C with him on the line.]',
      '[Travel agent, group of 22 to Trieste, wants one invoice and two coaches. Calls back at four.]',
      '[Asks in a whisper whether the surprise trip for his wife can still be a surprise: the confirmation went to her address.]',
      '[Ringing to say that everything went well. Nothing else. Was surprised that this is possible.]',
      '[Says the chat told him one thing and the gate another. Had the chat open and read it to me. The chat was right.]',
      '[Voicemail, 40 s: wind, then "never mind, I see you".]',
    ],
    `
    #: Answered on the phone, nothing open. Eight minutes. || Called back at four as promised. || Nothing to do for us, but it was a nice call. || Told the gate lead. Second time this week with the same sentence on the sheet.
    !resolve
  `,
  ),
]
