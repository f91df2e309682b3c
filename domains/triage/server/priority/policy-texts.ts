// What the public page says of a policy. Another language is another entry: what it lacks comes from English.
import { catalogue, translator, type Translator } from '#platform/i18n'

export const policyTexts = catalogue({
  heading: 'How {name} puts messages in order',
  waiting:
    'Whoever has waited longer comes first, and every minute counts alike for everybody. For the reasons below a message is treated as if it had come earlier. Nothing else changes the order.',
  nothing: 'No other reason counts.',
  version: 'Version {version}, in use since {day}.',
  changed: 'What changed: {note}',
  machine:
    'Messages are read by a program first, which may err; people can put right what it said, and what it does not know it calls unsure. Several reasons add up.',
  reachCounts: 'How many people follow you counts a little, and never more than said here.',
  reachIsNothing: 'How many people follow you, and how much you spend, counts nothing.',
  'severity.title': 'How grave it is',
  'urgency.title': 'How urgent it is',
  'promise.title': 'What we promised',
  'window.title': 'How long we can still answer',
  'repeat.title': 'Having to ask again',
  'brokenPromise.title': 'A promise that we broke',
  'vulnerable.title': 'People who need more care',
  'reach.title': 'How many read it',
  'sentiment.title': 'Anger and disappointment',
  'flag.title': 'Customers with an arrangement',
  'severity.safety': 'A message about somebody’s safety moves ahead by up to {by}.',
  'severity.legal': 'A message about law or courts moves ahead by up to {by}.',
  'severity.discrimination': 'A message about discrimination moves ahead by up to {by}.',
  'severity.fraud': 'A message about fraud moves ahead by up to {by}.',
  'severity.money': 'A message about money that is missing moves ahead by up to {by}.',
  'severity.outage': 'A message about something that is down for many moves ahead by up to {by}.',
  'severity.vulnerable': 'A message about a person who is vulnerable moves ahead by up to {by}.',
  'severity.self-harm': 'A message about harm that somebody may do to themselves moves ahead by up to {by}.',
  urgency: 'A message that can’t wait moves ahead by up to {by}.',
  promiseSoon: 'From {before} before a promised time on it moves ahead by {by}.',
  promiseLate: 'Once a promised time is over it moves ahead by {by}.',
  window: 'Where the channel lets us answer for less than {within} more, it moves ahead by {by}.',
  repeat:
    'For each time that you had to write to us before within two weeks it moves ahead by {by}, by {most} at most.',
  brokenPromise: 'Where we broke a promise it moves ahead by {by}.',
  vulnerable: 'Where a vulnerable person is concerned it moves ahead by {by}.',
  reach:
    'Each tenfold of followers over a hundred moves it ahead by {by}, by {most} at most, and half of that is gone every {days} days. It counts whole where all that somebody writes to us is about the same topic, and half where nothing is.',
  sentiment: 'An angry or disappointed message moves ahead by up to {by}. Once it is answered, this counts no more.',
  flag: 'Customers marked “{tag}” move ahead by {by}.',
  days: { one: 'a day', other: '{count} days' },
  hours: { one: 'an hour', other: '{count} hours' },
  minutes: { one: 'a minute', other: '{count} minutes' },
  noTime: 'no time',
  and: '{first} and {second}',
})

export type PolicyTranslator = Translator<(typeof policyTexts)['source']>

/** The first of the reader's languages that there is, English where there is none of them. */
export function policyTranslator(acceptLanguage: string | undefined): PolicyTranslator {
  const wanted = (acceptLanguage ?? '').split(',').map((one) => one.split(';')[0]!.trim())
  const known = ['en', ...Object.keys(policyTexts.translations)]
  const locale = wanted.find((one) => known.includes(one.split('-')[0]!.toLowerCase()))
  return translator(locale ?? policyTexts.sourceLocale, policyTexts)
}
