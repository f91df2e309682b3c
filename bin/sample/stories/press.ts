// What goes through the press desk, and what must not leave without it.
import { story, type Story } from '../screenplay.ts'

export const pressStories: readonly Story[] = [
  story(
    'tribune',
    'murmur',
    'ophelia',
    { day: 1, at: '13:20', labels: ['press'], team: 'press' },
    `
    you: Working on a piece about instruments in the hold for the Harbour Tribune. @LarkmoorAir: how many were damaged last year, and is the "Agnes rule" written down anywhere? Deadline 17:00.
    +3m teo_strings: page 212. I have seen the coffee stain.
    !gate approval: Journalist with a deadline. Everything to the Tribune leaves with Colette's name on it.
    +15m #colette: Numbers: 14 instruments, 9 paid in full, 3 in repair, 2 disputed. I want the two disputed ones in the answer, she will find them anyway.
    +20m @colette(held): Ophelia, 14 last year; 9 are paid in full, 3 in repair, 2 we still disagree about. The rule is on page 212 of our ground handbook, and you may have the page. – Colette
    +5m #anselm: Approved in substance, but say first that fourteen is too many. Then send.
  `,
  ),
  story(
    'tribune-call',
    'phone',
    'ophelia',
    { day: 1, at: '14:05', labels: ['press'], team: 'press', subject: 'Call in, 2 min 08 s' },
    `
    you: [Ophelia Marchetti-Bright, Harbour Tribune. Has the fourteen from another source. Asks whether the two disputed cases are the viola and the harp. Deadline stays 17:00.]
    +6m #colette: They are. I said that we call back by 16:15, on the record.
  `,
  ),
  story(
    'whistle',
    'forum',
    'ramp_rat_9',
    { day: 2, at: '23:30', labels: ['press', 'safety'], team: 'press', subject: 'Loader 14, the whole story' },
    `
    you: I said nothing for three months. The loader at stand 14 was reported eleven times. I have the slips. Do you want them or shall I give them to the paper?
    +40m nightmail77: told you
    +25m gil: If it is true, give them to the authority first. Then to whoever you like.
    !gate observe: A serious allegation in a place of its own. No answer here before the safety office has spoken and our own page has it.
    +8h #colette: Safety office has eleven entries, all on record, nine closed within a day. So no cover-up, but stand 14 is a disgrace. We say both.
    #amara: Please let us thank him. He is right about the loader.
  `,
  ),
  story(
    'influencer',
    'murmur',
    'jettison_jess',
    { day: 16, at: '15:45', labels: ['press'], team: 'press' },
    `
    you: hi @LarkmoorAir 🥰 I have 212k and would LOVE to collab!! 2 x business to Reykjavik for a reel 💫
    +2m ironic_aileron: they don't even have a business class jess
    +40m @colette: Jess, thank you for asking. We don't trade seats for posts; if you fly and like it, say so, and if you don't, say that. – Colette
    +5m you: wow ok that is actually kind of refreshing??
    +3m > ironic_aileron: character development
    !resolve
  `,
  ),
  story(
    'minister',
    'baggage',
    'Office of the Member for the Northern Isles',
    { day: 9, at: '10:30', labels: ['press'], team: 'press', subject: 'Enquiry about the winter timetable' },
    `
    you: The Member has been asked by constituents whether flights to Bergen continue after the 15th of January. A written reply is requested.
    +4h @colette(read): They continue, four days a week until the end of March. The timetable is public from Monday; you have it before, because you asked before.
    you: Much obliged. The Member will be seated on the first of them.
    !resolve
  `,
  ),
  story(
    'tv',
    'phone',
    'Regional television, newsroom',
    { day: 11, at: '11:15', labels: ['press', 'volcano'], team: 'press', subject: 'Call in, 1 min 50 s' },
    `
    you: [Want a face for the evening news about the ash, live at 18:30, three minutes. Anyone who can speak without notes.]
    +5m #colette: Anselm does it. Briefing at 17:45, the three sentences are pinned. Times, numbers, no adjectives.
    +8h #anselm: Done. They asked about the bride. I was glad to be asked about the bride.
    !resolve
  `,
  ),
]
