// An instrument, a song, and what became of both.
import { story, type Story } from '../screenplay.ts'

export const musicStories: readonly Story[] = [
  story(
    'agnes',
    'murmur',
    'teo',
    { day: 21, at: '13:05', labels: ['complaint', 'baggage'], team: 'baggage' },
    `
    you[agnes-neck.png]: This is Agnes. She is a cello, she is 131 years old, and until LMR 118 this morning her neck was in one piece. I bought her a seat. They gave it to a man with a garment bag.
    +3m second_violin: I feel sick looking at this
    +2m brass_section: WHO puts a cello in the hold. who. names.
    +6m you: "It will be handled with care, sir." I heard her go. From the window. You do not forget that sound.
    +5m harbour_gull: write a song about it
    +1m > teo_strings: oh I will
    +14m #liam: Seat 1B was sold twice. Gate decided for the garment bag. Ramp report says "hard case, dropped, approx 1 m". Property report is LMR118/440127.
    +6m @liam: Teo, you bought Agnes a seat and we took it from her. I will not write a sentence that makes that smaller. I am at the airport, I have her case beside me and nobody will touch it until you say so. – Liam
    +9m you: Where are you
    +2m @liam: Arrivals, blue door next to desk 40. I have the report ready and the number of the only luthier in town who answers on a Sunday. – Liam
    +5m low_strings_lars: 52k people are reading this, Larkmoor. No pressure.
    +1d you: For those asking. The luthier says she can be saved. Eleven weeks. I have concerts in two.
    +20m @liam: We pay the luthier, all of it, whatever it comes to, and the loan of an instrument that you choose, for as long as it takes. In writing since 9:40 this morning. – Liam
    +2d you: I wrote the song. It is called "Hold Baggage". Three minutes, no cello.
    +8m second_violin: the bridge ("she had a seat / she had a ticket / she had a name") ended me
    +4m brass_section: it's number 4 on the station I listen to at work
    > ironic_aileron: the airline should play it at boarding
    +40m #colette: Do not share it, do not joke about it, do not thank him for it publicly. It is his. If he asks what we think: we deserved the second verse.
    +1h @amara: It is a good song, Teo, and we have earned every line. Since Thursday a paid seat for an instrument can't be sold again, by anyone, at any gate. We named the rule after her. – Amara
    +3h you: There is an "Agnes rule"? At an airline? Send me that page, please.
    +15m @liam: Page 212 of the ground handbook. I have sent you the page with the coffee stain, because that is the one which is really in use. – Liam
  `,
  ),
  story(
    'agnes-papers',
    'baggage',
    'teo',
    { day: 21, at: '15:30', labels: ['baggage', 'refund'], team: 'baggage', subject: 'Damage report LMR118/440127' },
    `
    you[property-report.pdf]: The report as your colleague asked. The instrument is insured, but the insurer says that the carrier pays first. Estimate of the luthier: 9,400 to 11,200. Loan instrument 60 a day.
    +3h @liam(read): Received, complete, nothing missing. I have set it up so that the luthier and the lender send their bills to us and never to you.
    #liam: Above my limit. Amara approved up to 12,000, finance confirmed with cost centre 7 (ground handling).
    +4d you: The first bill came to me after all. 420 for the loan.
    +2h @liam(read): That was the lender's habit, not your duty. Paid this afternoon; they have our address in bold now.
    +6d you: Agnes has a neck. It is drying. I was allowed to knock on it.
    +1h @liam(read): I have never been so glad to read about glue. Concert on the 14th is still on?
    +50m you: It is. There are two tickets at the door under "blue door".
    +20m #liam: For the record: I will pay for mine. Telling Amara because of the gift rule.
    !snooze 9
  `,
  ),
  story(
    'agnes-fans',
    'fans',
    'gil',
    {
      day: 18,
      at: '22:10',
      subject: '“Hold Baggage” lyrics, annotated',
      labels: ['press'],
      facts: {
        closed:
          'This is where fans talk among themselves. We read along and stay out; what concerns us we answer on our own page.',
      },
    },
    `
    you: Line 4, "the man with the garment bag": has anybody found him? Asking as a historian.
    +1h contrail_carla: leave the poor man alone he only wanted his suit flat
    +2h nightmail77: Serious question. A friend on the ramp in Lisbon says cases get thrown because the belt loader at stand 14 has been broken since August and they were told to stop reporting it. If that is true it is not funny any more.
    > contrail_carla: that is a big thing to say without proof
    +20m nightmail77: I know. That is why I say "if".
    +8h #colette: The second part is an allegation about safety, not gossip. We do not step in here. Raised with operations and the safety office; answer goes on our own page once we know.
    +1d #anselm: Safety office confirms: loader 14 was out of use for 19 days, reports were NOT suppressed, two of them are mine. Statement drafted, Colette has it.
    !label safety
    !wait
  `,
  ),
  story(
    'drum-kit',
    'chat',
    'Marisol Tenreiro-Vance',
    { day: 9, at: '11:20', labels: ['booking'], team: 'baggage' },
    `
    you: hi! after the cello thing I am scared to ask but: can I fly with a drum kit
    @beatriz(read): Hello Marisol! You can. Five pieces in hard cases are five bags on your ticket; cymbals may come into the cabin as your hand luggage if the case is under 56 cm. Which flight?
    you: LMR 226 Porto–Cork on the 3rd. cymbal case is 60 😬
    @beatriz(read): Four centimetres are between you and me and a gate that knows about it. I have written it into the booking, so that nobody needs a ruler. The rest goes in last and comes out first.
    you: you are a cymbal of hope
    @beatriz(read): I am putting that on my badge. Safe travels, and send us the setlist.
    !resolve
  `,
  ),
  story(
    'choir',
    'chat',
    'Father Aloysius Benn',
    { day: 2, at: '09:50', labels: ['booking'], team: 'care' },
    `
    you: Good morning. I travel with a choir of 34 boys on LMR 118 next Thursday. They sing when they are nervous. Is that permitted?
    @aylin(read): Good morning, Father Aloysius. It is permitted after the seat belt sign goes off, and it is hoped for by the crew, whom I have just asked. May I seat them together in rows 12 to 17?
    you: That would be providential. One of them, Tobias, has never flown and is convinced that he will fall through the floor.
    @aylin(read): Then Tobias gets 14A, above the wing, where the floor is thickest. If he comes to the front before boarding, the captain will show him exactly how thick.
  `,
  ),
]
