// Things that travelled elsewhere.
import { story, type Story } from '../screenplay.ts'

export const baggageStories: readonly Story[] = [
  story(
    'suitcase-tour',
    'baggage',
    'joaquim',
    {
      day: 23,
      at: '22:10',
      locale: 'pt',
      labels: ['baggage'],
      team: 'baggage',
      subject: 'A minha mala está em viagem sem mim (LMR620114)',
    },
    `
    you: Boa noite. Aterrei em Lisboa, a minha mala não. É a terceira vez este ano e já temos um certo hábito, ela e eu. Azul, fita amarela, dentro: um fato para um funeral na quinta-feira.
    @beatriz(read): Boa noite, senhor Serrasqueiro. Encontrei-a: está em Trieste e parece bem. Vem no voo de amanhã às 9:40 e vai de carro até sua casa antes do meio-dia. O funeral, sinto muito.
    you: Obrigado, Beatriz. Era o meu padrinho. Ele perdia malas com muito mais graça.
    #beatriz: Courier ordered privately, the pool car comes only on Fridays. If it does not arrive by noon I go myself.
    +14h you: A mala não veio. Veio uma mala, mas é vermelha e tem livros de culinária.
    +9m @beatriz(read): Não acredito. Já sei de quem é: a sua está com a senhora dos livros, a 3 km de si. Vou buscá-la eu, agora. Trinta minutos.
    +50m you: Chegou, com a Beatriz atrás. O fato está impecável. Fique com o bolo, que eu insisti.
    #beatriz: Two tags were swapped by hand in Trieste. Told the station. (The cake was shared, gift rule observed.)
    +2d @beatriz(read): Espero que quinta-feira tenha sido como ele queria. A partir de hoje as suas malas têm etiqueta dupla.
    you: Foi. Choveu e ele teria rido. Até à próxima, e que seja aborrecida.
    !resolve
  `,
  ),
  story(
    'seven-days',
    'forum',
    'Cyprian Wolstenholme',
    {
      day: 13,
      at: '18:00',
      labels: ['baggage', 'complaint'],
      team: 'baggage',
      subject: 'Seven days without a suitcase: what one learns',
    },
    `
    you: Day 1: optimism. Day 2: a toothbrush. Day 3: I know the hold music by heart. Day 4: I have met the neighbours, in my only shirt. Day 5: they lent me one. Day 6: "it has been located". Day 7: it has been located somewhere else.
    +22m piet_v: day 8 is acceptance
    +40m solveig: I will knit you a jumper, what size
    +1h #liam: It is in Izmir since day 2. Nobody told anybody because the tag is torn and the finder's form has no field for "torn".
    +6m @liam: Mr Wolstenholme, it is in Izmir, it has been there since day 2, and we could have known on day 3. It flies tonight. I will not call that good news, only late news. – Liam
    > piet_v: "only late news" ok that's a line
    +1d you: Day 8: it is here. It smells of oranges. Nothing is missing, and there is an orange in it.
    +30m @liam: The orange is from Izmir's ground crew. The 310 EUR for eight days of living out of a shop are from us. – Liam
    +2h solveig: do you still want the jumper
    +4m you: Absolutely.
    !resolve
  `,
  ),
  story(
    'mr-flopp',
    'sms',
    'Wilhelmina Sandoval',
    { day: 4, at: '19:20', labels: ['baggage'], team: 'baggage' },
    `
    you: Rabbit. Grey. One ear. LMR 226 this afternoon. His name is Mr Flopp and my son is four. It is bedtime in one hour.
    +6m @liam(read): I am in the hangar, looking. Does Mr Flopp answer to his name?
    +2m you: Only to Emil
    +35m @liam(read): FOUND. Behind 14C, upside down, in good spirits. He spends the night on my desk and flies to you at 8:15, in the cockpit.
    you: In the cockpit!! Emil wants to know whether he has a seat belt
    +5m @liam(read): He has two. Good night, Emil.
    +14h you[sunset-wing.png]: They are reunited. He now says "cleared for take-off" before every meal. Thank you from all of us
    !resolve
  `,
  ),
  story(
    'wrong-number',
    'sms',
    'Ottmar Pfefferkorn',
    { day: 2, at: '16:40', locale: 'de', labels: ['baggage'], team: 'baggage' },
    `
    you: Koffer noch nicht da. Hotel Seeblick, Zimmer 12. Bin nur bis morgen hier.
    +20m @liam(failed): Guten Tag Herr Pfefferkorn, der Koffer kommt heute um 21 Uhr ins Hotel Seeblick.
    +4m #liam: The gateway refuses the number. Rang the hotel instead, they tell him at the desk.
    +3m @beatriz(unknown): Ihr Koffer wird heute um 21 Uhr ins Hotel gebracht, der Fahrer heißt Demir.
  `,
  ),
  story(
    'dead-fish',
    'baggage',
    'Captain (ret.) Alasdair Munroe-Finch',
    { day: 0, at: '07:30', labels: ['baggage', 'complaint'], team: 'baggage', subject: 'A box of salmon, warm' },
    `
    you: Sir or Madam. A box containing eleven pounds of my own salmon left Bergen on Friday. It arrived today. I need not describe it. I have buried it with honours.
    !draft: Dear Captain Munroe-Finch, I am sorry for your loss, and I mean the salmon. What it was worth can be paid; what it was
  `,
  ),
  story(
    'wheel',
    'baggage',
    'Rosamund Teale',
    { day: 5, at: '12:00', labels: ['baggage'], team: 'baggage', subject: 'Suitcase with three wheels' },
    `
    you[suitcase.png]: It had four when we parted.
    @beatriz(read): It did, I have seen the picture from check-in. Repair or replace? You choose, we pay.
    you: Repair. We have been through a lot together.
    @beatriz(read): Then bring it to the workshop in Rua da Prata, they know us too well. Ready on Friday, with four.
    +3d you: Five! They gave me a spare.
    !resolve
  `,
  ),
  story(
    'pooled-skis',
    'baggage',
    'Thorvald Isaksen',
    { day: 1, at: '18:15', labels: ['baggage'], team: 'baggage', subject: 'Skis, not mine' },
    `
    you: I have somebody's skis. Somebody has mine. His are better. I think he knows by now.
    @liam: He does, and he wrote ten minutes before you, ashamed, because he has already waxed yours.
    you: Tell him that we are even. Where do we meet?
    @liam: Desk 40, tomorrow at ten? I bring coffee, and I will look away.
  `,
  ),
]
