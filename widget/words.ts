// Every text of the widget, but the English of the contact form, which is fetched with it. English is in the first bundle; another
// language is fetched when it is the one.
import type { FormWords } from './form-words.ts'

export const en = {
  open: 'Open chat',
  close: 'Close chat',
  unread: 'New messages: {n}',
  hello: 'Hello. How can we help?',
  here: 'We are here now.',
  away: 'We are away just now.',
  awayUntil: 'We answer {when}.',
  waits: 'Your message waits here, and so will our answer: come back to read it.',
  alsoMail: 'Our answer also comes by mail.',
  paused: 'This chat is closed just now.',
  email: 'E-mail',
  save: 'Save',
  start: 'Start',
  skip: 'Skip',
  write: 'Write a message',
  send: 'Send',
  attach: 'Attach a file',
  emoji: 'Emoji',
  remove: 'Remove {name}',
  you: 'You',
  sending: 'Sending',
  offline: 'Waits for the network',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent.',
  retry: 'Try again',
  typing: 'Typing …',
  older: 'Earlier messages',
  transcript: 'Save conversation',
  resolved: 'This conversation is closed. Writing opens it again.',
  again: 'Start a new one',
  lost: 'No connection. Trying again.',
  wrong: 'That did not work. Try again.',
  tooMany: 'Too much at once. Wait a moment.',
  tooLong: 'Too long by {n}.',
  tooLarge: '{name} is larger than 10 MB.',
  refused: '{name} is no picture, PDF or plain text.',
  deleted: 'Deleted',
  picture: 'Picture',
} as const

/** Every other language has all of it. */
export type Words = { readonly [K in keyof typeof en]: string } & { readonly [K in keyof FormWords]?: string }
export type AllWords = Required<Words>

export interface Language {
  readonly locale: string
  readonly words: Words
  readonly rtl: boolean
}

/** The first wanted language that there are words for; English otherwise, also when they can't be fetched. */
export async function languageOf(wanted: readonly string[]): Promise<Language> {
  for (const locale of wanted) {
    const base = locale.toLowerCase().split('-')[0] ?? ''
    if (base === 'en') break
    const words = await import('./languages.ts').then(({ languages }) => languages[base]?.()).catch(() => null)
    if (words) return { locale, words: words.words, rtl: base === 'ar' }
  }
  return { locale: wanted.find((locale) => /^en\b/i.test(locale)) ?? 'en', words: en, rtl: false }
}

/** `fill('Wait {n} seconds', { n: 3 })` */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** When somebody answers again: the time today, the weekday this week, the date later; in the visitor's own zone. */
export function moment(at: string, locale: string, now: Date = new Date()): string {
  const date = new Date(at)
  const days = (date.getTime() - now.getTime()) / 86_400_000
  const time = { hour: 'numeric', minute: '2-digit' } as const
  const day =
    date.toDateString() === now.toDateString()
      ? {}
      : days < 6 && days > -6
        ? { weekday: 'short' as const }
        : { day: 'numeric' as const, month: 'short' as const }
  return new Intl.DateTimeFormat(locale, { ...day, ...time }).format(date)
}
