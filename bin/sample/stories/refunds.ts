// Money that should come back.
import { exchange, story, type Exchange, type Story } from '../screenplay.ts'

export const refundStories: readonly Story[] = [
  story(
    'taxi',
    'chat',
    'Philomena Drax',
    { day: 8, at: '23:58', labels: ['refund'], team: 'care' },
    `
    you[taxi-receipt.pdf]: The last train was gone when LMR 402 came. Here is the taxi. I would have walked but it is 14 km and I am 70.
    @aylin(read): Mrs Drax, nobody should walk 14 km at midnight for our delay, at any age. 41.80 goes back to your card this morning.
    you: Oh! I had prepared a long letter in case you said no.
    @aylin(read): I would still like to read it.
    you: It begins with "Sirs". Now I feel silly. Thank you, dear.
    !resolve
  `,
  ),
  story(
    'eu-claim',
    'chat',
    'Dr. Severin Aldenhoven',
    { day: 4, at: '17:33', labels: ['refund', 'complaint'], team: 'care' },
    `
    you: Flight LMR 733 of the 12th arrived 3 h 52 min late. I claim 250 EUR under the usual regulation. Please spare me "extraordinary circumstances"; I am a judge.
    @priya: Your Honour, no circumstances were extraordinary: a fuel truck stood where it should not. 250 EUR it is. Where shall it go?
    #priya: Checked: on-block 3:52 late. Standard case, no need to wait for legal.
    you: To the card of the booking. I confess that I am disappointed not to be able to argue.
    @priya: We can argue about the coffee, if it helps. The money will be there on Thursday.
    you: The coffee is beyond argument. Case closed.
    !resolve
  `,
  ),
  story(
    'double-charge',
    'sms',
    'Quentin Barrowclough',
    { day: 0, at: '08:50', labels: ['refund'], team: 'care' },
    `
    you: charged twice for the same seat. 2 x 118. one of them is a mistake and I would like it to be yours
    +12m @salma: It is ours: the first payment timed out and went through all the same. The second is being returned now. Can you see it as "pending"?
    you: I see it as gone. what is pending
    !draft: Pending means that the bank has been told and is thinking about it. Two days at most; if it is not there on
  `,
  ),
  story(
    'family-fare',
    'baggage',
    'delphine',
    {
      day: 12,
      at: '14:15',
      locale: 'fr',
      labels: ['refund', 'baggage'],
      team: 'baggage',
      subject: 'Poussette cassée, vol LMR 204',
    },
    `
    you: Bonjour. La poussette de ma fille est arrivée avec une roue en moins et un mot d'excuse d'un inconnu. Le mot est charmant. La roue manque toujours.
    @beatriz: Bonjour Madame Roquevert. L'inconnu, c'est Rui, il décharge à Porto et il s'en veut encore. La roue est introuvable ; nous vous remboursons une poussette neuve, à votre choix.
    you: Neuve ? Elle avait deux ans, la vieille. Je ne veux pas exagérer.
    @beatriz: Vous n'exagérez pas : votre fille n'a que celle-là. Envoyez-moi la facture, 189 € ou un peu plus, c'est entendu.
    you: Voilà, 174 €. Et dites à Rui que tout va bien.
    @beatriz: C'est viré, et c'est dit. Il a souri pour la première fois depuis mardi.
    !resolve
  `,
  ),
]

export const refundExchanges: readonly Exchange[] = [
  exchange(
    'where-money',
    ['chat', 'sms', 'chat', 'forum'],
    { labels: ['refund'], team: 'care', subject: 'Refund for {ref}: where is it?' },
    [
      'You cancelled {flight} on the 2nd. It is not the 2nd any more. Where are my {amount} euro?',
      'Refund "in progress" for three weeks. What does it progress towards?',
      'I have a mail that says paid, and a bank that says no. One of you two is wrong.',
      'got {amount} back, paid {amount} and a half. where is my half',
      'Third time I ask. I am still polite. Somewhere in me it is ending.',
      'The voucher is kind, but I did not ask for a voucher, I asked for my money.',
      'refund went to a card that the dog has eaten (really). can you send it elsewhere',
      'The tax alone was 31 euro and nobody flew anywhere. Whose tax was it?',
      'My late husband’s ticket, {ref}. I have sent the paper twice. I would rather not send it a third time.',
    ],
    `
    @: I have looked it up from our side: it left us on the 9th and came back, because the account number has one digit too few. || You are right to ask. {ref} lay in the wrong queue; I have taken it out and paid it by hand just now. || I am sorry, {name}. It was approved and nobody pressed the last button. I have pressed it.
    #: Wrong queue again. That makes five this week, told Amara.
    you: when will I see it || Thank you. Which day, please? A day, not "soon" || ok. I will believe it when it blinks on my screen
    @: Thursday, at the latest. If it is not there on Thursday evening, write here, it is me who reads this. || Two working days: {amount} EUR, with the text "LARKMOOR {ref}".
    +2d you: It is there. Faith restored, a little || blinked! || Money came. Pity that I had to ask three times, but thank you for the third.
  `,
  ),
  exchange(
    'fees',
    ['reviews', 'chat', 'murmur', 'chat'],
    { labels: ['complaint', 'refund'] },
    [
      '{amount} euro for a bag that flew free on the way there. Same bag. Same me.',
      'Paid 12 € for "priority". Stood in a queue called priority with everybody else who had paid 12 €.',
      '@LarkmoorAir a fee for printing, a fee for not printing. let me know when you charge for asking',
      'charged for changing a flight that YOU moved. please explain it to me like I am five',
    ],
    `
    @: That is not how it should be, and I can see why it stings. The {amount} EUR go back today; the rule that charged you was meant for somebody else. || You should not have paid that. When we move a flight, changing it is free; our own system did not know. It is refunded.
    you: that was the least expected answer || And for all the others it happened to? || fine. thanks.
    @: They get theirs without asking, I have passed the list on: 41 people. || Thank you for writing instead of only cursing us, which you had every right to do.
  `,
  ),
]
