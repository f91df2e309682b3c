// Sentences to measure severity on, written before the rules and apart from them: twelve of each class in each of five
// languages. Whichever half a sentence falls into, all the frames around it fall with it.
import { createHash } from 'node:crypto'
import { sentencesEn } from './severity-sentences-en.ts'
import { sentencesRomance } from './severity-sentences-romance.ts'
import { sentencesGermanic } from './severity-sentences-germanic.ts'

export const severityClasses = [
  'safety',
  'legal',
  'discrimination',
  'fraud',
  'money',
  'outage',
  'vulnerable',
  'self-harm',
] as const
export type SeverityClass = (typeof severityClasses)[number]

/** By language, then class: one sentence a line. */
export type Sentences = Readonly<Record<string, Readonly<Record<SeverityClass, string>>>>

/** What stands around a sentence. It must say nothing of it: ordinary messages stand in the same frames. */
export const severityFrames: Readonly<Record<string, readonly string[]>> = {
  en: [
    '{}',
    'Hi, {} Please get back to me.',
    '@firm {}',
    '{} I have been a customer for years.',
    'Second time I write to you. {}',
  ],
  es: [
    '{}',
    'Hola, {} Espero su respuesta.',
    '@firm {}',
    '{} Soy cliente desde hace años.',
    'Es la segunda vez que escribo. {}',
  ],
  fr: [
    '{}',
    'Bonjour, {} Merci de me répondre.',
    '@firm {}',
    '{} Je suis client depuis des années.',
    "C'est la deuxième fois que j'écris. {}",
  ],
  de: [
    '{}',
    'Hallo, {} Bitte melden Sie sich.',
    '@firm {}',
    '{} Ich bin seit Jahren Kunde.',
    'Ich schreibe schon zum zweiten Mal. {}',
  ],
  nl: [
    '{}',
    'Hallo, {} Graag een reactie.',
    '@firm {}',
    '{} Ik ben al jaren klant.',
    'Ik schrijf nu voor de tweede keer. {}',
  ],
}

export interface SeveritySentence {
  readonly text: string
  readonly language: string
  readonly severity: SeverityClass
  /** Half of the sentences were never looked at while the rules were made. */
  readonly isHeld: boolean
}

export function severitySentences(): SeveritySentence[] {
  const all: Sentences = { ...sentencesEn, ...sentencesRomance, ...sentencesGermanic }
  return Object.entries(all).flatMap(([language, classes]) =>
    severityClasses.flatMap((severity) =>
      classes[severity]
        .trim()
        .split('\n')
        .flatMap((sentence) => {
          const isHeld = (createHash('sha256').update(sentence).digest()[0] ?? 0) % 2 === 1
          return severityFrames[language]!.map((frame) => ({
            text: frame.replace('{}', sentence),
            language,
            severity,
            isHeld,
          }))
        }),
    ),
  )
}
