// What was said on the demo's two open networks before anybody came: a complaint with a crowd around it that went on in private,
// and some smaller talk. Days count backwards from the first start.

export interface PastPost {
  readonly by: string
  readonly text: string
  /** Days before the demo began. */
  readonly days: number
  /** Which of its thread it answers; left out: it begins the thread. */
  readonly below?: number
  readonly likes?: number
  readonly boosts?: number
  readonly warning?: string
}

export interface PastThread {
  readonly posts: readonly PastPost[]
  /** What its first author then says in private. */
  readonly privately?: string
}

/** The airline. */
export const US = 'Larkmoor Air'

export const pastOf: Readonly<Record<'mastodon' | 'bluesky', readonly PastThread[]>> = {
  mastodon: [
    {
      posts: [
        {
          by: 'Pim Oosterhuis',
          text: 'the vegan menu on LM 204 was a banana. It had a sticker saying that it is vegan.',
          days: 2.1,
          warning: 'Food, of a kind',
          likes: 87,
          boosts: 12,
        },
        {
          by: US,
          text: 'That is true of the banana and not good enough of us. The kitchen hears of it today.',
          days: 2,
          below: 0,
          likes: 31,
        },
        { by: 'Pim Oosterhuis', text: 'I will report on the next banana.', days: 1.9, below: 1, likes: 4 },
      ],
    },
    {
      posts: [
        {
          by: 'Signe Dahl',
          text: 'does the 7:10 from Porto still take bicycles, now that it is the small aeroplane?',
          days: 1.2,
          likes: 2,
        },
      ],
    },
    {
      posts: [
        {
          by: 'Noor Haddad',
          text: 'third flight this month, third time that my suitcase stayed in Lisbon. Is it trying to tell me something?',
          days: 0.09,
          likes: 214,
          boosts: 61,
        },
        {
          by: 'Kees van Wijk',
          text: 'Mine lives there by now. It has a key and a favourite café.',
          days: 0.08,
          below: 0,
          likes: 96,
        },
        {
          by: US,
          text: 'We owe you a suitcase, Noor. Write to us in private, please, so that your number stays yours.',
          days: 0.07,
          below: 0,
          likes: 12,
        },
      ],
      privately:
        'The tag says LM 4471 093. It is yellow, with an otter on the lid. Lisbon is lovely, but I would like it back.',
    },
  ],
  bluesky: [
    {
      posts: [
        {
          by: 'Wanda Okafor',
          text: 'the crew of LM 88 walked my grandmother to her next gate, and carried her cactus. Thank you.',
          days: 2.4,
          likes: 341,
          boosts: 58,
        },
        { by: US, text: 'The cactus asked for a window seat. It was our pleasure.', days: 2.3, below: 0, likes: 120 },
      ],
    },
    {
      posts: [
        {
          by: 'Tamsin Oyelaran',
          text: 'nine weeks for a refund of 184 euros. I have grown a whole tomato plant meanwhile.',
          days: 0.12,
          likes: 402,
          boosts: 133,
        },
        {
          by: 'Bram Castell',
          text: 'Eleven weeks here. I am on my second courgette.',
          days: 0.11,
          below: 0,
          likes: 64,
        },
        {
          by: US,
          text: 'That is too long, and we are sorry. We look it up in direct messages, if you like.',
          days: 0.1,
          below: 0,
          likes: 9,
        },
      ],
      privately: 'My booking is QX7RLM. The tomatoes are ripe, so you can imagine.',
    },
  ],
}
