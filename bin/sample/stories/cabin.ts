// What happens on board and around it.
import { story, type Story } from '../screenplay.ts'

export const cabinStories: readonly Story[] = [
  story(
    'allergy',
    'chat',
    'Imke Vredeveld',
    { day: 3, at: '18:30', labels: ['safety', 'assistance'], team: 'care' },
    `
    you: My son has a severe nut allergy. I told the crew of LMR 204, they said yes, and ten minutes later they sold nuts. To the row behind us.
    @haruto: Is he well? Please answer that first, everything else can wait.
    you: He is. We had the pen ready. My hands are still shaking.
    @haruto: I am very glad. This must not happen, and "sorry" is too small for it. I have stopped the sale on your return flight, the captain has it in writing, and I want to know by tomorrow how a yes became a sale.
    #haruto: Purser confirms: told the front, not the rear. There is no list at the rear galley. Raised as a safety report, not as a complaint.
    +1d @haruto: I know it now: the crew in the back had no list. From today there is one, at both ends. You find it on your flight on Sunday, with his name on it; if you would rather not have the name, tell me.
    you: Put the name. He is proud of it. And thank you for asking how he was.
    !snooze 3
  `,
  ),
  story(
    'heat',
    'reviews',
    'Baptiste Morvannec',
    { day: 20, at: '21:00', locale: 'fr', labels: ['complaint'], team: 'care', data: { stars: 2 } },
    `
    you: 31 degrés en cabine pendant quarante minutes au sol. Le personnel distribuait des glaçons et des excuses. Les glaçons étaient meilleurs.
    @salma: Monsieur, vous avez raison sur toute la ligne. Le groupe de sol était en panne et nous aurions dû vous laisser descendre. C'est désormais la règle au-delà de vingt minutes. – Salma
    +1d you: Réponse honnête, rare. Une étoile de plus.
    !resolve
  `,
  ),
  story(
    'hearing',
    'chat',
    'Fiadh Scannell',
    { day: 6, at: '15:10', labels: ['assistance', 'suggestion'], team: 'care' },
    `
    you: I am deaf. Announcements are wallpaper to me. Is there any way to KNOW what is going on when everybody suddenly stands up?
    @aylin(read): There is from today, because you ask: the crew writes it on the small board and shows it to you. I have put it into your profile, so it comes with you on every flight.
    you: A board. So simple. Why did it take until 2026
    @aylin(read): Because nobody here is deaf, and we only ask ourselves. Would you look over our list of what else we overlook? I would pay for your time.
    you: I would love to. I charge in honesty
    +2d you: LMR 112 today: "turbulence, 10 min, tea after". I laughed out loud. At least I think it was loud.
    @aylin(read): It was, the crew says. In the nicest way.
    !resolve
  `,
  ),
  story(
    'turbulence-kid',
    'chat',
    'yuki',
    { day: 8, at: '08:20', locale: 'ja', labels: ['praise'], team: 'care' },
    `
    you: おはようございます。昨日のLMR 118便で、息子が揺れを怖がって泣いてしまいました。客室乗務員の方が絵を描いてくださったのですが、お名前を伺えませんでした。
    @haruto(read): 三浦様、おはようございます。その者はイルゼと申します。飛行機の絵でしたでしょうか、それともヤギでしょうか。
    you: ヤギです！息子は枕元に置いて寝ています。
    @haruto(read): それは間違いなくイルゼです。お手紙をいただければ、必ず本人に渡します。
    you[sunset-wing.png]: ありがとうございます。これは息子が撮った写真です。「ヤギさんにみせて」とのことです。
    @haruto(read): ヤギさんも喜びます。次のご搭乗を心よりお待ちしております。
    !resolve
  `,
  ),
  story(
    'smell',
    'murmur',
    'nosy_parkerson',
    { day: 7, at: '17:25', team: 'care' },
    `
    you: LMR 733, row 9. Somebody has opened a durian. I repeat: a durian.
    +1m row_8_survivor: I can confirm. tell my family
    +2m durian_defender: it is a NOBLE fruit
    > row_8_survivor: it is a gas leak with a stem
    +6m @haruto: The crew knows, the crew has eyes too, and they are watering. Bags for it are on their way to row 10. – Haruto
    +9m durian_defender: I have been disarmed. it was worth it
    !resolve
  `,
  ),
  story(
    'quiet-one',
    'chat',
    'Somebody',
    { day: 1, at: '20:40', team: 'care' },
    `
    you: hello
    +3m you: is this a person
    @nuria: It is. Nuria, good evening. What can I do for you?
    +4m you: nothing really. flight to my dad's funeral tomorrow. wanted to know that somebody is awake
    @nuria: I am, until ten, and Jonas after me. I am very sorry about your father. Would it help if somebody met you at the gate tomorrow, or would you rather be left in peace?
    you: in peace. but thank you. left in peace by somebody who knows, if that is a thing
    #nuria: LMR 402 tomorrow, 11C. Told the purser: window blind, water, no small talk, no upgrade fuss.
    @nuria: That is a thing. It is arranged. Sleep well, if it works.
  `,
  ),
  story(
    'long-thread',
    'forum',
    'piet_v',
    { day: 22, at: '19:05', subject: 'Window or aisle: settle this, Window Seat', team: 'care' },
    `
    you: My wife says that I get up four times a flight and may never have the window again. Forum: judge me.
    +5m gil: Window. Always. What is the point of flying otherwise.
    +4m contrail_carla: aisle. bladder. end of thread
    > piet_v: it is not the end of thread carla
    +9m knitwit: Middle, because then both neighbours are warm.
    +2m > contrail_carla: seek help
    +14m solveig: Aisle for the needles, window for the light. I take two seats and a deep breath.
    +30m nightmail77: pilots have the best windows and complain the most, draw your conclusions
    +1h wrenwrites: Aisle since the panic thing. Being able to leave, even if there is nowhere to go.
    > solveig: that is the truest thing in this thread
    +20m harbour_gull: nobody has said "behind the wing, right, sunset leg" and I am disappointed in all of you
    +8m > gil: 17F. Evening. You are right.
    +3h @jonas: The desk is split as well: Nuria window, Aylin aisle, Liam "in the hold, with my own two hands". By request of three members: 17F now has a small sun on the seat map. – Jonas
    +4m piet_v: a sun. on the seat map. because of my bladder
    +3m contrail_carla: you have changed aviation piet
    +1d teo: Agnes had 1B. Just saying.
    +6m > harbour_gull: window or aisle though
    +4m teo: she prefers the wall
    +2d knitwit: I sat in 17F today. There was an actual sun on the screen. I waved at it.
    !resolve
  `,
  ),
]
