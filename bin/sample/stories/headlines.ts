// The stories that everybody at Larkmoor still talks about.
import { story, type Story } from '../screenplay.ts'

export const headlineStories: readonly Story[] = [
  story(
    'kicked-off',
    'murmur',
    'mara',
    { day: 6, at: '07:42', labels: ['complaint'], team: 'care' },
    `
    you: Just been kicked off my own flight by @LarkmoorAir. LMR 214 Gothenburg–Lisbon. Seat 17C paid for, bag on board, me on the jet bridge. "System says you are not here." I am right here.
    +4m tomas_w: Which system? The one that took her money?
    +3m > lena_in_seat_4: I am on that plane. There IS an empty seat at 17C. We are all looking at it.
    you[seat-17c.png]: Lena in 4A just sent me this. My seat. Without me in it.
    +6m harbour_gull: airlines discovering that passengers exist, day 9,000
    +9m #nuria: Name mismatch: booked as Lindquist, passport says Lindqvist. Gate had 40 seconds and chose wrong. Bag did fly, which it must not. Telling the duty manager now.
    +5m @nuria: Mara, you were there and we looked at a spelling instead of at you. That is our mistake, not yours. I have you on LMR 218 at 11:20, exit row, and I am writing to you privately about your bag and what we owe you. – Nuria
    +11m you: 11:20 works. The bag went without me though?
    > tomas_w: a bag flying alone is a bigger story than she is
    +4m @nuria: It did, and it should not have. It is off the belt in Lisbon and locked in our office. A person has it, not a carousel. – Nuria
    +7m lena_in_seat_4: credit where due that was 20 minutes on a saturday
    +50m #amara: Duty manager confirms: gate lists match on surname only. Raised with operations, reference OPS-3391. 250 EUR and the fare difference approved, no voucher.
    +6h you: Update: here, with bag. Nuria met the email she promised. I will still be writing about it, but I will write that part too.
    +25m @nuria: Thank you for letting us put it right in front of everybody. From tomorrow gates check the booking code before they check the spelling. – Nuria
    +1d quiet_runway: "250 euro and a song" is not the scandal I came for
    !resolve
  `,
  ),
  story(
    'kicked-off-sms',
    'sms',
    'mara',
    { day: 6, at: '08:31', labels: ['complaint', 'refund'], team: 'care' },
    `
    you: Nuria gave me this number. Booking QX4T7B. My medication is in the bag that left without me. I can manage until tonight, not until tomorrow.
    +6m @nuria(read): Mara, the bag is in room 2 behind arrivals, Beatriz has the key until 23:00 and will be at the gate with it when you land. Is the medicine something that must be kept cold?
    +5m you: No. Thank you for asking that and not for my "reference number".
    +9m @nuria(read): Then you will have it at 15:40. I have put 250 EUR and the 38 EUR fare difference back on your card today; banks take two or three days to show it.
    +1d you: Both there already. We are fine, Nuria.
    +10m @nuria(read): I am glad. If the gate ever asks again: the word is Lindqvist, and it is in your profile now with a v.
    !resolve
  `,
  ),
  story(
    'kicked-off-call',
    'phone',
    'mara',
    { day: 6, at: '07:58', labels: ['complaint'], team: 'care', subject: 'Call in, 6 min 12 s' },
    `
    you: [Caller is at gate B7 in Gothenburg, boarding has closed. Denied boarding for a name that differs by one letter. Bag with medication is on the aircraft. Calm, very precise, says she is also posting about it. Asks to be called back on the same number.]
    +3m #salma: Took this one. Public post is the same person, Nuria has it. I told her what we know and nothing we don't.
    +40m #nuria: Called back at 08:40. She is rebooked and knows where the bag is. One voice from here on: mine.
    !resolve
  `,
  ),
  story(
    'wheelchair-cold',
    'chat',
    'edda',
    { day: 3, at: '10:12', locale: 'de', labels: ['assistance', 'complaint'], team: 'care' },
    `
    you: Guten Tag. Ich fliege am Freitag LMR 418 von Graz nach Porto mit meinem Elektrorollstuhl. Gestern rief jemand von Ihnen an und sagte, der Stuhl sei „zu schwer“. Er ist seit vier Jahren derselbe Stuhl und seit vier Jahren dieselben 74 Kilo.
    @jonas(read): Guten Tag Frau Brunnhofer, das tut mir leid, dieser Anruf hätte nicht sein dürfen. Ihr Stuhl ist für genau diesen Flug angemeldet und bestätigt. Ich kläre gerade, wer angerufen hat und warum.
    #jonas: Das Frachtteam hat die Grenze der kleinen Maschine angewandt (60 kg). Am Freitag fliegt aber die große. Niemand hat nachgesehen.
    you[battery-papers.pdf]: Hier noch einmal die Papiere für die Batterien. Zum fünften Mal.
    @jonas(read): Die hätten Sie kein fünftes Mal schicken müssen: Sie liegen seit dem Frühjahr bei uns, und ab heute steht das auch da, wo das Frachtteam hinschaut. Freitag, 9:15, Tor B2: Herr Pichlhuber holt Sie ab, und Sie fahren im eigenen Stuhl bis zur Flugzeugtür.
    you: Bis zur Tür? Das hat noch niemand angeboten. Darf ich Sie beim Namen nennen, wenn am Freitag doch wieder jemand „zu schwer“ sagt?
    @jonas(read): Unbedingt. Und meine Durchwahl steht in Ihrer Bestätigung. Ich habe Freitag Frühdienst.
    !snooze 4
  `,
  ),
  story(
    'wheelchair-broken',
    'murmur',
    'ableflyer_nils',
    { day: 19, at: '18:20', labels: ['assistance', 'complaint'], team: 'care' },
    `
    you: @LarkmoorAir returned my wheelchair without its left footrest and with a note: "found like this". It was found like this by YOU.
    +8m rampwatch: every single week. every airline.
    +15m you: I am sitting in an airport chair with wheels that go one way. It is 18:40. My flat is 30 km away.
    +6m @amara: Nils, a chair is not luggage and we broke it. A taxi with a ramp is on its way to arrivals door 3, paid. I am calling you in five minutes about tonight and tomorrow. – Amara
    +3m > rampwatch: "a chair is not luggage" ok who let a human at the keyboard
    +70m #amara: Loan chair (same seat width) delivered 20:10. Workshop collects his at 8. Full repair on us, plus an independent check: he does not have to believe ours.
    +2d you: Chair is back, better than before, and somebody rang to ask whether it still pulls left. It does not. Thread closed from my side.
    +40m @amara: Thank you for the patience that we had no right to. Your chair now travels with a photo from before and after, and so does everybody else's. – Amara
    !resolve
  `,
  ),
  story(
    'stuck-on-tarmac',
    'murmur',
    'row_23',
    { day: 1, at: '16:05', labels: ['complaint'], team: 'care' },
    `
    you: Two hours on the tarmac in Leipzig on LMR 733. No water, no word. The toddler in row 21 has started an uprising and honestly he has my vote
    +5m dad_of_the_toddler: he is open to negotiations. he wants a biscuit.
    +7m cabin_pressure: they can't serve on an active taxiway, it's the law
    +2m > row_23: is it also the law not to SAY that
    +8m @haruto: It is not, and you should have heard it an hour ago. A fuel truck blocked your stand; you move in about 15 minutes. The crew is opening the water now, and biscuits for 21. – Haruto
    +18m dad_of_the_toddler: biscuit received. uprising suspended.
    +30m you: moving. still want to know what two hours of my life go for these days
  `,
  ),
  story(
    'refund-saga',
    'forum',
    'solveig',
    {
      day: 26,
      at: '20:44',
      labels: ['refund', 'complaint'],
      team: 'care',
      subject: 'Larkmoor: 61 days for a refund and counting. A diary.',
    },
    `
    you: Day 61. I cancelled two tickets Bergen–Trieste when my mother broke her hip. Full-flex fare, so: all of it back, in seven days, says their own page. Since then I have collected four case numbers, two apologies and one survey asking how satisfied I am.
    +30m piet_v: Name the case numbers, people here have got movement by doing that.
    +14m you: 88213, 88240 (which is 88213 again, "merged"), 90102, and one that is only letters.
    +2h knitwit: I got mine after 40 days by writing every Tuesday. No idea why Tuesday.
    +1h #priya: All four are hers. 90102 was closed as "paid" because somebody paid 88240, which is not hers at all. So a stranger has her money and she has a survey.
    +12m @priya: Solveig, I have read all four cases from the first to the last. You were paid on paper and somebody else was paid in money. That is as absurd as it sounds and it is entirely ours. – Priya
    +5m > piet_v: at least it's honest. absurd, but honest
    +9m @priya: The 412 EUR leave us today by wire, not by card, so that you can see them tomorrow. I have asked for the confirmation and will post its date here, not its number. – Priya
    +1d you: Day 62. It is THERE. I knitted a victory hat.
    +20m knitwit: pattern or it didn't happen
    +3h @priya: I would like the pattern as well. For the record: refunds that wait longer than ten days now land on a list that Amara reads every morning. You were the reason. – Priya
    +40m you: Pattern is in the knitting corner of this forum. It is called "Case 90102".
    !resolve
  `,
  ),
  story(
    'seat-apart',
    'forum',
    'gil',
    {
      day: 15,
      at: '12:10',
      subject: 'Family of four in four rows: is the seat algorithm broken?',
      labels: ['complaint', 'suggestion'],
      team: 'care',
    },
    `
    you: Not my family, but I keep seeing it on LMR: adults in 3A and 19F, kids (5 and 7) in 11 and 22. You would think that a machine could count to four.
    +50m yuki: うちも同じでした。娘が一人で後ろの席に。隣の方が代わってくださいましたが…
    +35m piet_v: It's not broken. Seats together cost 9 euro. It works exactly as intended.
    > wrenwrites: That would be a scandal if it were written anywhere. Is it?
    +3h #salma: It is NOT intended. Families are split when the aircraft type changes after check-in: the new plan is filled row by row, whoever is first.
    +20m @salma: Gil, Piet: it is broken, and not on purpose. When we swap aircraft the new plan forgets who belongs together. Nobody under 12 should ever sit alone, paid or not. – Salma
    +6m @salma: ゆき様、お嬢様がお一人で座られたこと、申し訳ございません。次のご予約を教えていただければ、私が直接お席を確認いたします。– Salma
    +1d you: And until it is mended? What do parents do tomorrow morning?
    +50m @salma: Tomorrow morning: a person looks at every swapped flight two hours before departure and puts families back together by hand. It is on my list for LMR 118 and 204. – Salma
    +2d yuki: 今日の便、四人並びの席でした。ありがとうございました🙏
    +1h #amara: Fix is in test. Keep doing it by hand until release, rota is in the team folder.
    !resolve
  `,
  ),
  story(
    'captains-joke',
    'murmur',
    'orla_from_cork',
    { day: 13, at: '21:15', labels: ['complaint'], team: 'care' },
    `
    you: The captain of LMR 402 just announced "we have a small fire, only joking, it is the coffee machine". My mother is 78 and did not laugh.
    +4m ironic_aileron: this is the funniest thing an airline has ever done
    +3m > orla_from_cork: you weren't holding her hand
    +11m @aylin: Orla, I am sorry. There are words that have no place over a loudspeaker at 10,000 metres and that is the first on the list. How is she now? – Aylin
    +9m you: She's grand. She is on her second tea and wants to write to the captain. In ink.
    +4m @aylin: Please let her. Larkmoor Air, Captain Veldkamp, Rua do Aeródromo 4, Lisbon. He will answer, in ink. I have told him that post is coming. – Aylin
    +3d you: He answered! Two pages, and a drawing of a coffee machine. She has framed it.
    +30m @aylin: This is the best news of the week. Please tell her that crew training now has a slide with that very coffee machine on it. – Aylin
    !resolve
  `,
  ),
]
