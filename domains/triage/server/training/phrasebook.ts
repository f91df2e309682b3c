// Sentences of customers, written for Rapport: there is no free set of complaints, so what people write to a firm is
// made here from parts. `[a|b]` chooses, `[a|]` may leave out, `<name>` stands for a list below.
import { seededRandom } from '#platform/random'

const LISTS: Readonly<Record<string, string>> = {
  firm: '@firm|@firm|@firm|hey @firm|hi @firm|.@firm|dear @firm|',
  thing:
    'order|parcel|package|delivery|flight|bag|luggage|suitcase|train|phone|internet|broadband|wifi|signal|bill|account|card|app|website|router|booking|reservation|seat|refund|ticket|laptop|printer|subscription|update|voucher|points|statement|transfer|payment|food|pizza|ride|driver|engineer|tracking|password reset|upgrade|check in|boarding pass|contract|policy|claim|replacement|exchange|gift card|meter reading|line|connection|channel|box|console|game|download|login',
  time: '[2|3|4|5|6|8|10|12|24|48] hours|[two|three|four|five|10|14] days|[2|3|4|six] weeks|[30|40|45|90] minutes|over an hour|half a day|a month|[2|3|6] months|ages|all day|since [monday|yesterday|friday|last week|this morning|october]',
  staff:
    'agent|rep|driver|engineer|gate agent|staff|manager|supervisor|guy on the phone|lady at the desk|crew|customer service|support team|call centre|chat person',
  bad: 'terrible|awful|horrible|the worst|useless|a joke|a disgrace|pathetic|appalling|shocking|ridiculous|unacceptable|disgusting|rubbish|garbage|so bad|very poor|shambolic|dreadful|beyond frustrating|infuriating|a shambles',
  good: 'great|awesome|amazing|fantastic|excellent|brilliant|so helpful|wonderful|superb|the best|lovely|very kind|outstanding|so friendly|really good|spot on|first class',
  angry:
    'so angry|furious|fuming|really disappointed|very frustrated|not happy|not impressed|fed up|sick of this|done with you|livid|beyond annoyed|appalled',
  end: '||||.|!|!!|?|...| smh| wtf| #fail| please| thanks| 😡| 😠| 🙄| 😤| 👎',
  glad: '||||.|!|!!| 😊| 👍| ❤️| 🙌| :)| 😍',
  city: 'boston|london|denver|dallas|chicago|paris|orlando|new york|madrid|the city|leeds|seattle|berlin',
}

const NEGATIVE = `
my <thing> [still hasn't|hasn't|has not|never] [arrived|come|turned up|been delivered|been processed|been fixed|worked|shown up]<end>
where [is|the hell is|on earth is] my <thing>[?|??|!]
still [waiting for|waiting on|no|no sign of|haven't received] my <thing> after <time><end>
[been on hold|on hold|been waiting on the phone|waiting on hold] for <time> [and nobody answers|and still no answer|now|and counting|then got cut off|only to be hung up on]<end>
<time> on hold and [no one|nobody] [can help|picks up|knows anything]<end>
your <staff> [was|were|is|are] [so |extremely |really |very |][rude|unhelpful|unprofessional|incompetent|clueless|dismissive|condescending|useless]<end>
[my|our|the] flight [was|has been|got|is] [cancelled|canceled|delayed again|delayed for <time>|delayed <time> with no explanation|overbooked]<end>
[cancelled|canceled|delayed] flight, [no hotel|no explanation|no help|missed my connection|stuck in <city>|sleeping at the airport]<end>
[missed|missing|will miss|going to miss] my connection because of [you|your delay|a late crew]<end>
you [lost|damaged|broke|ruined|misplaced] my [bag|luggage|suitcase|parcel|package|stroller|guitar][ and no one cares| again|]<end>
[sitting|stuck|stranded] [on the tarmac|on the plane|at the gate|on the runway|in <city>] for <time>[ with no information| no water|]<end>
you charged me [twice|double|for something i never ordered|a fee nobody mentioned|again after i cancelled|$[25|50|75|200] for nothing]<end>
i was [charged|billed|overcharged] [twice|double|[25|75|200] dollars too much|for a service i cancelled|without permission]<end>
why [was|am|have] i [charged|being charged|been charged|billed] [twice|for this|after cancelling|extra|a fee|more than agreed][?|??]
why is [my|the|your] <thing> [so slow|not working|down again|always late|always delayed|still pending|still broken|always down][?|??|<end>]
why can't [i|you|anyone] [log in|get through to anyone|get a refund|fix this|answer the phone|get a straight answer|check in online][?|??|<end>]
why do you [never|not] [answer|reply|respond|care|pick up the phone][?|<end>]
[i've|i have] [called|emailed|written to you|complained|asked] [three|four|5|ten|so many|multiple] times and [nothing happens|no reply|nobody calls back|i get a different answer each time|still no resolution]<end>
[no|still no|zero] [response|reply|answer|help|callback|update|resolution] [from you|from your <staff>|to my emails|to my dm|in <time>]<end>
nobody [replies|responds|called me back|answers|knows where my <thing> is]<end>
[worst|the worst] [customer service|airline|company|service|support|experience|provider|bank|delivery service] [ever|i have ever had|i've dealt with|out there]<end>
your [customer service|website|app|service|support|delivery|communication|airline] is <bad><end>
<bad> [service|customer service|experience|communication|support][ today| again| as always|]<end>
i am <angry> with [you|your service|this company|the way this was handled]<end>
[never|not ever] [flying|ordering|using|buying|shopping|booking|banking|travelling] with you again<end>
[you just|congratulations, you|well done, you] lost [a|another|a loyal] customer<end>
[i'm|i am|we are] [switching|moving|going] to [another|a different|your competitor's] [provider|bank|airline|company|carrier]<end>
cancel my [account|subscription|contract|membership] [now|then|immediately], [this is <bad>|i'm done]<end>
the <thing> [you sent|i got|i received|i bought] [is|was|arrived] [broken|damaged|faulty|the wrong one|defective|cracked|mouldy|cold|empty|incomplete]<end>
[the|your] [app|website|site] [keeps crashing|is down|won't load|won't let me log in|keeps freezing|gives an error every time]<end>
[my|the] [internet|broadband|wifi|phone|signal|service|cable|power] [is down|has been down for <time>|keeps dropping|isn't working|went out again|is out again]<end>
[no|zero] [internet|signal|service|hot water|power] [for <time>|again|in <city>]<end>
you [promised|said|told me] [a refund|it would arrive|someone would call|a callback|next day delivery] [and|but] [nothing|no one called|it never came|that was a lie|it didn't happen]<end>
[so much for|what happened to] [your promise|next day delivery|customer service|priority boarding|the guarantee]<end>
[thanks|thank you|cheers|great job|nice work|well done] for [nothing|losing my bag|ruining our holiday|the delay|cancelling my flight|wasting my day|making me wait <time>]<end>
[great|awesome|fantastic|wonderful|brilliant|lovely], [another delay|delayed again|no internet again|on hold for <time>|lost luggage|my <thing> is broken already|charged twice]<end>
i want [my money back|a refund|to make a complaint|to complain about your <staff>|compensation|to speak to a manager]<end>
[this is|it's|that's] [<bad>|not good enough|not acceptable|a scam|theft|robbery|outrageous|no way to treat customers]<end>
how [hard|difficult] [is it|can it be] to [answer a phone|send an email|deliver a parcel|get a refund|load bags][?|<end>]
how is it [possible|ok|acceptable] that [nobody knows anything|i wait <time>|you lost my bag|my <thing> is gone][?|??]
[you guys|you|y'all] [suck|are <bad>|are thieves|need to do better|have no clue|don't care about customers]<end>
do you even [care|read these|have customer service|know what you're doing][?|??]
i have been [waiting|trying to reach you|trying to log in|without <thing>|passed around] [for|] <time><end>
[we|i] [had|was forced|have had] to [sleep at the airport|pay again|rebook ourselves|buy new clothes|wait <time>|cancel our plans]<end>
your <staff> [hung up on me|lied to me|refused to help|laughed at me|ignored me|sent me away|gave me wrong information]<end>
need [this|my <thing>] [fixed|sorted|resolved] [now|asap|today], [been <time>|this is <bad>]<end>
[my|the] <thing> [stopped working|broke|died|failed] after [one|two|a|3] [day|week|days|weeks|month]<end>
[paid|i paid] for [priority|first class|premium|next day|wifi|extra legroom] and [got nothing|didn't get it|it doesn't work|got a broken seat]<end>
disappointed [with|in|by] [your service|the quality|how you handled this|you guys|my flight]<end>
`

const NEUTRAL = `
[can|could|will] [you|someone|anybody] [help|help me|tell me|please advise|confirm|check] [with|about|on|] [a booking|my <thing>|my reservation|changing my flight|baggage allowance|the opening hours][?| please?| thanks]
[how|how can|how do|where can|where do] i [change|cancel|update|find|track|check|add|transfer|book|return|exchange|upgrade|renew|contact] [my|a|the] <thing>[?| please?|]
what [is|are] [the|your] [opening hours|baggage rules|delivery times|fees|carry on size|refund policy|number for support|email address|best way to contact you|wifi password|price for two][?|]
[do|does] [you|your store|this flight|the train|the app] [have|offer|stop at <city>|fly to <city>|ship to [canada|spain|ireland]|accept [paypal|amex|cash]|work with android|include breakfast][?|]
is [it possible to|there a way to|there any way to] [change|upgrade|cancel|move|add|check] [my|a|the] <thing>[?| online?| by phone?]
is [flight 1234|the 10:30 train|flight 87 to <city>|the store in <city>|the 8am] [on time|running|open|still going][?|]
[when|what time|what day] [will|does|do|is] [the sale start|check in open|the new version come out|you open tomorrow|boarding start|tickets go on sale|the next train leave][?|]
[i'd like|i would like|i want|i need|looking|trying|hoping] to [book a seat|change my address|add a bag|open an account|order a new card|travel with a dog|buy a ticket for <city>|upgrade to business]<plain>
[i have|i've|just|] [sent|dmed|sent you a dm|sent you a message|followed|emailed you|replied by dm|filled the form] [with my details|now|as asked|]<plain>
[my|the] [order number|confirmation code|reference|flight number|postcode|account number] is [ABC123|1234567|QX8812]<plain>
[flying|heading|travelling|going] from <city> to <city> [tomorrow|on friday|next week|in june]<plain>
[please|pls|could you] [follow|dm me|follow me so i can dm|follow back|send me a link|call me]<plain>
[any|are there any] [discounts|seats left|openings|offers|updates|news|plans] [for students|on flight 1234|in <city>|for new customers|for android|][?|]
[who|which number|what email] [do|should|can] i [contact|call|write to|use] [about|for|to] [group bookings|a lost password|lost property|press questions|invoice copies|][?|]
[which|what] [terminal|gate|plan|size|cable|version|card] [do i need|should i choose|is best for travel|does flight 1234 use][?|]
[yes|no|ok|okay|sure|it is|i did|i have|that one], [it's|that is|i'm] [the 64gb one|iphone 7|economy|flight 1234|android|in <city>|the basic plan]<plain>
[check out|see|read|new:|watch|via] [our flight|the new ad|this article about @firm|the new plane|the sale at @firm] URL
[@firm to|@firm will|@firm plans to|report: @firm to] [open new store in <city>|start flights to <city>|launch new app|report earnings|add routes] URL
[i'm|i am|we're] [at gate 12|on flight 1234|in <city>|moving house next month|travelling with a baby|a new customer]<plain>
can i [bring|carry|take|use|get|have|pay with|add] [a guitar|two bags|my points|a receipt|a car seat|my voucher|gift cards] [on board|on this flight|online|in store|][?|]
[quick question|question|just wondering|curious|hi there], [do you|can i|is there|does my ticket] [allow pets|rebook online|a student rate|include a bag][?|]
does [my|the] [ticket|plan|subscription|warranty|fare] [include|cover] [a bag|roaming|water damage|seat selection|tax][?|]
[thinking about|considering|looking at] [switching to @firm|buying the new one|a trip to <city>|upgrading]<plain>
`

const POSITIVE = `
[thank you|thanks|thank you so much|many thanks|thx|cheers|huge thanks] [to your <staff>|for the help|for the quick reply|for your help|for fixing it so fast|for the upgrade|for sorting my <thing>|for the great flight|for getting us home|for listening]<glad>
[thank you|thanks|thanks so much|thank you!|ok thanks|awesome thanks|great, thanks|perfect thank you|will do, thanks]<glad>
your <staff> [was|were|is|are] <good> [today|on my flight|on the phone|in <city>|]<glad>
[great|awesome|excellent|fantastic|amazing|brilliant|lovely|best] [service|customer service|flight|experience|crew|support|team] [today|as always|from your <staff>|on the way to <city>|]<glad>
[love|loving|i love|we love|really love|absolutely love] [your <staff>|the new app|the new planes|flying with you|this airline|your service|my new phone|you guys]<glad>
[shout out|shoutout|big thanks|kudos|props|hats off] to [your <staff>|anna at the desk|gate 12|the crew of flight 1234|jen in support] [for being <good>|who fixed my <thing>|for the help|]<glad>
[you guys|you|y'all] [rock|are <good>|are the best|made my day|never disappoint|saved my trip]<glad>
[my|the] <thing> [arrived early|came today, perfect|works perfectly now|was fixed in minutes|is fixed, thank you|was quick and easy]<glad>
[best|the best] [airline|customer service|bank|company|flight|crew] [ever|in the business|i have ever flown|around]<glad>
[very|so|really|super] [impressed|happy|pleased|grateful] with [your service|how fast you answered|the crew|my new <thing>|the new app]<glad>
[can't wait|so excited|looking forward|excited] [to fly with you|for my trip to <city>|to try the new app|for the new phone]<glad>
[smooth|easy|comfortable|on time|pleasant] [flight|landing|check in|trip|delivery|service] [today|to <city>|], [thanks|well done|great job]<glad>
[got|received|just got] my <thing> [back|today|already|a day early] [thanks to your <staff>|, thank you|, great service|, amazing]<glad>
[will|would] [definitely|happily|] [recommend you|fly with you again|order again|use you again|be back]<glad>
[wow|yay|woohoo|finally], [got my refund|upgraded to first|free wifi|bag found|on time and friendly]<glad>
[nice|good|great] [job|work|touch|response|one] [team|guys|with the new app|today|]<glad>
`

const LEADS_DOWN = [
  '',
  '',
  '',
  '',
  'unbelievable. ',
  'seriously? ',
  'really? ',
  'wow. ',
  'so ',
  'again: ',
  'hello? ',
  'great. ',
  'omg ',
  'just ',
  'ok so ',
  'i ',
]

/** One text from a pattern; `random.next` decides at each bracket. */
export function expand(pattern: string, pick: (choices: readonly string[]) => string): string {
  let text = pattern
  for (let turns = 0; turns < 60; turns += 1) {
    const next = text
      .replace(/<(\w+)>/g, (_, name: string) => `[${name === 'plain' ? '||.' : (LISTS[name] ?? name)}]`)
      .replace(/\[([^[\]]*)\]/g, (_, choices: string) => pick(choices.split('|')))
    if (next === text) break
    text = next
  }
  return text.replace(/ +/g, ' ').trim()
}

export type CareKind = 'negative' | 'neutral' | 'positive'

export interface CareText {
  readonly text: string
  readonly sentiment: CareKind
}

/** `count` made messages of customers, half of them negative, without repeats; the same seed, the same messages. */
export function careTexts(count: number, seed = 5): CareText[] {
  const random = seededRandom(seed)
  const pick = (choices: readonly string[]) => random.pick(choices)
  const patterns = { negative: lines(NEGATIVE), neutral: lines(NEUTRAL), positive: lines(POSITIVE) }
  const made = new Map<string, CareKind>()
  for (let turn = 0; made.size < count && turn < count * 4; turn += 1) {
    const sentiment = (['negative', 'negative', 'neutral', 'positive'] as const)[turn % 4]!
    const part = () => expand(random.pick(patterns[sentiment]), pick)
    const lead = sentiment === 'negative' ? random.pick(LEADS_DOWN) : ''
    const parts = [`${expand('<firm>', pick)} ${lead}${part()}`]
    if (random.below(3) === 0) parts.push(part())
    if (random.below(8) === 0) parts.push(part())
    // What was negative may have neutral facts around it, and stays what it is.
    if (sentiment !== 'neutral' && random.below(6) === 0)
      parts.splice(1, 0, expand(random.pick(patterns.neutral), pick))
    const text = parts.join(random.below(2) === 0 ? ' ' : '. ').trim()
    made.set(random.below(3) === 0 ? text.charAt(0).toUpperCase() + text.slice(1) : text, sentiment)
  }
  return [...made].map(([text, sentiment]) => ({ text, sentiment }))
}

/** Messages to try the program with, as customers write them. */
export const sampleMessages = (count: number): string[] => careTexts(count, 23).map(({ text }) => text)

const lines = (text: string): string[] => text.trim().split('\n')

const INTENTS = {
  threat: `
[i will|i'll|im going to|we will] [sue you|take you to court|call my lawyer|go to the press|report you to the police|report you to the regulator|destroy your reputation|expose you on every platform|make sure everyone knows]<end>
[you will|you'll] [hear from my lawyer|regret this|pay for this|be sorry|hear from my solicitor]<end>
[fix this|refund me|answer me|sort this out] [now|today|within 24 hours] or [i'll sue|i'm going to court|i go to the press|you will regret it|i'll come to your office]<end>
[i know|we know] where [you live|your office is|your drivers park][.| watch out| be careful]<end>
[i'm|i am] going to [burn your shop down|come down there and hurt someone|smash your windows|find that <staff>|punch your <staff>]<end>
[see you in court|my lawyer will be in touch|expect a letter from my attorney|this means legal action|you have 7 days before i file a lawsuit]<end>
[last warning|final warning|i'm warning you], [refund me|fix this|answer] or [else|i go public|it's court]<end>
`,
  allegation: `
your <staff> [stole|has stolen|took] [money from my bag|my phone|my card details|cash from the till|items from my parcel]<end>
[you are|your company is|@firm is|they are] [selling fake products|selling our data|lying to customers|bribing officials|dumping waste in the river|using child labour|faking reviews|hiding a data leak|overcharging old people on purpose|cheating the taxman]<end>
[an insider|a former employee|my friend who works there] [told me|says] you [fake the safety tests|delete complaints|change the expiry dates|pay staff below minimum wage|knew about the fault]<end>
[i have|we have|there is] [proof|evidence|video|photos] that [your <staff> lied|you sell expired food|your firm breaks the law|you knew about the danger]<end>
your [manager|driver|nurse|guard] [assaulted|harassed|threatened|hit|groped|insulted] [me|my wife|a customer|an old man]<end>
@firm [covers up accidents|steals tips from drivers|tests on animals in secret|bribed the inspector|forged my signature|committed fraud]<end>
`,
  feedback: `
[it would be|would be|it'd be] [great|nice|good|helpful] if [you could add|the app had|you offered|there was|you brought back] [dark mode|a search button|more vegan food|later opening hours|an export to pdf|a stop in <city>]<end>
[please|pls|could you|you should|can you] [add|bring back|consider|think about|introduce] [dark mode|the old menu|more sizes|a student rate|apple pay|subtitles|a night bus|self checkout]<end>
[suggestion|idea|feature request|feedback|some feedback|small tip]: [add|allow|show|put|let us] [filters in the list|sorting by date|several addresses|a map of stores|the price per unit|us save drafts]<end>
[i think|in my opinion|maybe] [the new design is harder to read|the old app was better|the buttons could be bigger|you should open on sunday|the menu needs more choice]<end>
[i wish|wish] [you had|the app had|you sold|there were] [more colours|a desktop version|smaller packs|a family plan|an english menu]<end>
`,
  request: `
[please|pls|kindly|could you please|can you please|i'd like you to|i want you to] [cancel|change|update|close|activate|send|resend|reset|block|confirm|check|refund|delete] [my|the] [order|account|address|password|card|booking|subscription|invoice|data|number|flight|seat]<plain>
[i need|i want|i would like|i'd like|need] to [cancel|change|return|book|upgrade|close|move|renew|pay|report a change of|get a copy of] [my|a|an|the] [order|account|invoice|booking|contract|address|receipt|ticket|appointment|room]<plain>
[send|give|get] me [a receipt|the invoice|a new card|a callback|the form|a link|the contract] [please|by email|today|]<plain>
[help me|assist me] [to|with] [changing my address|set up my account|a return|booking a seat|install the router|log in]<plain>
[please call me|call me back|contact me|dm me|email me|get back to me] [on monday|about my order|when you can|at 5|]<plain>
[please follow|follow me|check your dms|see my dm|sent you a dm, please answer]<plain>
`,
} as const

export type MadeIntent = keyof typeof INTENTS

/** `count` texts of each intent that no set has. */
export function intentTexts(count: number, seed = 9): { readonly text: string; readonly intent: MadeIntent }[] {
  const random = seededRandom(seed)
  const pick = (choices: readonly string[]) => random.pick(choices)
  return Object.entries(INTENTS).flatMap(([intent, patterns]) => {
    const made = new Set<string>()
    for (let turn = 0; made.size < count && turn < count * 6; turn += 1) {
      const text = `${expand('<firm>', pick)} ${expand(random.pick(lines(patterns)), pick)}`.trim()
      made.add(random.below(3) === 0 ? text.charAt(0).toUpperCase() + text.slice(1) : text)
    }
    return [...made].map((text) => ({ text, intent: intent as MadeIntent }))
  })
}
