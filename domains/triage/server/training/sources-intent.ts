// Lessons of intent, toxicity and spam. There is no set of complaints: docs/models.md says how that class is made.
import PostalMime from 'postal-mime'
import { learnedIntents, toxicities, type LearnedIntent } from './labels.ts'
import { isTestRow, readRows, unescape } from './data.ts'
import { careTexts, intentTexts } from './phrasebook.ts'
import { balanced, isKept, one, type Emotional, type Labelled, type Lesson } from './sources.ts'

const mixed = (shares: Partial<Record<LearnedIntent, number>>): number[] =>
  learnedIntents.map((name) => shares[name] ?? 0)
const ASKS =
  /\?|^(?:hi |hello |hey |@\w+ )*(?:what|how|why|when|where|who|which|can|could|do|does|is|are|will|would|should|am i|did|tell me|explain)\b/i
const WISHES =
  /^(?:@\w+ |hi |hey )*(?:i'd like|i would like|i want|i need|please|pls|could you|can you|help me|send|cancel|change|book|call|dm)\b/i

export function intentLessons(directory: string): Lesson[] {
  const lessons: Lesson[] = []
  const add = (group: number, text: string, weight: number, shares: Partial<Record<LearnedIntent, number>>) =>
    lessons.push({ text, target: mixed(shares), weight, group })
  for (const { text, sentiment } of careTexts(8_000)) {
    if (sentiment === 'negative') add(0, text, 1, { complaint: 1 })
    else if (sentiment === 'positive') add(0, text, 1, { praise: 1 })
    else add(0, text, 1, WISHES.test(text) ? { request: 1 } : ASKS.test(text) ? { question: 1 } : { other: 1 })
  }
  for (const { text, intent } of intentTexts(700)) add(0, text, 1, { [intent]: 1 })
  for (const row of readRows<Labelled>(directory, 'text/sentiment-semeval2017.train') ?? []) {
    const text = unescape(row.text)
    const asks = text.includes('?')
    if (row.label === 'positive') add(1, text, 0.3, { praise: 0.5, other: 0.5 })
    else if (row.label === 'neutral') add(1, text, 0.3, asks ? { question: 0.5, other: 0.5 } : { other: 1 })
    else add(1, text, 0.3, text.includes('@') ? { complaint: 0.6, other: 0.4 } : { complaint: 0.3, other: 0.7 })
  }
  for (const row of readRows<Labelled>(directory, 'text/intent-banking77.train') ?? [])
    add(2, row.text, 0.2, ASKS.test(row.text) ? { question: 1 } : { complaint: 0.5, request: 0.3, question: 0.2 })
  for (const row of readRows<Labelled>(directory, 'text/intent-clinc150.train') ?? [])
    add(2, row.text, 0.2, ASKS.test(row.text) ? { question: 0.8, request: 0.2 } : { request: 0.8, other: 0.2 })
  for (const [i, row] of (readRows<Labelled>(directory, 'text/intent-bitext') ?? []).entries()) {
    if (i % 3 !== 0) continue
    const kind = row.label === 'complaint' ? 'complaint' : row.label === 'review' ? 'feedback' : null
    add(2, row.text, 0.2, kind !== null ? { [kind]: 1 } : ASKS.test(row.text) ? { question: 1 } : { request: 1 })
  }
  for (const row of readRows<Emotional>(directory, 'text/emotion-goemotions.train') ?? []) {
    const feels = (...names: string[]) => names.some((name) => row.labels.includes(name))
    if (feels('gratitude', 'admiration')) add(3, row.text, 0.1, { praise: 0.7, other: 0.3 })
    else if (feels('curiosity', 'confusion')) add(3, row.text, 0.1, { question: 0.7, other: 0.3 })
    else if (feels('annoyance', 'anger', 'disappointment')) add(3, row.text, 0.1, { complaint: 0.4, other: 0.6 })
    else add(3, row.text, 0.1, { other: 1 })
  }
  return lessons
}

/**
 * What people write to a firm's desk, against what they write to each other: probabilities of sentiment are surer of the
 * first. Nothing of the tweets kept back for calibration is in it.
 */
export function deskLessons(directory: string): Lesson[] {
  const rows = <T>(name: string): T[] => readRows<T>(directory, `text/${name}`) ?? []
  const every = <T>(step: number, all: readonly T[]): T[] => all.filter((_, i) => i % step === 0)
  const toFirms = [
    ...careTexts(8_000),
    ...every(3, rows<Labelled>('intent-banking77.train')),
    ...every(3, rows<Labelled>('intent-bitext')),
  ].map(({ text }) => text)
  const tweets = rows<Labelled>('sentiment-semeval2017.train').filter(({ text }) => !isKept(text))
  const amongThemselves = [
    ...every(3, tweets).map(({ text }) => unescape(text)),
    ...every(2, rows<Labelled>('sentiment-umsab.train')).map(({ text }) => text),
    ...every(5, rows<Emotional>('emotion-goemotions.train')).map(({ text }) => text),
  ]
  return [
    ...toFirms.map((text) => ({ text, target: [1], weight: 1, group: 0 })),
    ...amongThemselves.map((text) => ({ text, target: [0], weight: 1, group: 1 })),
  ]
}

export function toxicityRows(directory: string): Labelled[] {
  return readRows<Labelled>(directory, 'text/toxicity-davidson') ?? []
}

export function toxicityLessons(directory: string): Lesson[] {
  const rows = toxicityRows(directory).filter(({ text }) => !isTestRow(text))
  const own = rows.map(({ text, label }) => ({
    text,
    target: one(3, toxicities.indexOf(label as 'hate')),
    weight: 1,
    group: 0,
  }))
  return [...softened(own), ...harmless(directory)]
}

/** Nearly all of that set is foul; what people write to a desk hardly ever is. */
function harmless(directory: string): Lesson[] {
  const tweets = readRows<Labelled>(directory, 'text/sentiment-semeval2017.train') ?? []
  const texts = [
    ...careTexts(1_500).map(({ text }) => text),
    ...tweets.flatMap(({ text, label }, i) => (i % 12 === 0 && label !== 'negative' ? [unescape(text)] : [])),
  ]
  return texts.map((text) => ({ text, target: one(3, toxicities.indexOf('neither')), weight: 0.5, group: 1 }))
}

/** The root of the balance: full balance would call too much hate. */
const softened = (lessons: readonly Lesson[]): Lesson[] =>
  balanced(lessons).map((lesson, i) => ({ ...lesson, weight: Math.sqrt(lesson.weight * lessons[i]!.weight) }))

interface Mail {
  readonly group: string
  readonly text: string
}

/** Mails as their subject and what a reader sees, not their headers. */
export async function readMails(
  directory: string,
): Promise<{ readonly text: string; readonly isSpam: boolean; readonly isTest: boolean }[]> {
  const mails = readRows<Mail>(directory, 'mail/spamassassin') ?? []
  const read = []
  for (const mail of mails) {
    const parsed = await PostalMime.parse(mail.text, { maxNestingDepth: 16 }).catch(() => null)
    const body =
      parsed?.text ?? parsed?.html?.replace(/<(?:style|script)[\s\S]*?<\/(?:style|script)>|<[^>]*>|&nbsp;/gi, ' ')
    const text = `${parsed?.subject ?? ''}\n${body ?? ''}`.replace(/[ \t]+/g, ' ')
    read.push({ text, isSpam: mail.group.startsWith('spam'), isTest: isTestRow(mail.text) })
  }
  return read
}

export async function spamLessons(directory: string): Promise<Lesson[]> {
  const lessons: Lesson[] = []
  for (const { text, isSpam, isTest } of await readMails(directory))
    if (!isTest) lessons.push({ text, target: [isSpam ? 1 : 0], weight: 1, group: 0 })
  for (const { text, label } of readRows<Labelled>(directory, 'text/spam-sms') ?? [])
    if (!isTestRow(text)) lessons.push({ text, target: [label === 'spam' ? 1 : 0], weight: 1, group: 1 })
  // What people write to a desk is no spam.
  for (const { text } of careTexts(1_500)) lessons.push({ text, target: [0], weight: 0.5, group: 2 })
  for (const [i, row] of (readRows<Labelled>(directory, 'text/sentiment-semeval2017.train') ?? []).entries())
    if (i % 25 === 0) lessons.push({ text: unescape(row.text), target: [0], weight: 0.5, group: 2 })
  return lessons
}
