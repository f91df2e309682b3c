// The two sets with what is expected of each mail, and the library that was measured against. The figures stand in
// docs/decisions/; this prints them: npx vitest run channels/email/quoted.test.ts
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extractFromPlain } from 'planer'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMime } from './mime.ts'
import { foldQuoted } from './quoted.ts'
import { bodyOf } from './text.ts'

const folder = join(fileURLToPath(new URL('../../', import.meta.url)), '..', 'shared', 'data', 'mail')
const there = existsSync(folder)
if (!there) console.info(`skipped: the sets of mails are not beside the repository (${folder})`)

/** What is new in mails that do not begin with the set's own filler, and are not new as a whole. */
const news: Readonly<Record<string, string | RegExp>> = {
  correct_sig: 'this is an email with a correct -- signature.',
  email_1: /^Hi folks[\s\S]*Java HTTP API\.\n\n-Abhishek Kona$/,
  email_19: 'On Thursday, I get proper rendering.',
  email_2: /^Hi,\s+You can list the keys[\s\S]*individually\."$/,
  email_20: 'On Thursday.',
  email_2_1: 'Outlook with a reply',
  email_3: 'Oh thanks.\n\nHaving the function would be great.\n\n-Abhishek Kona',
  email_4: "Awesome! I haven't had another problem with it.",
  email_6: 'I get proper rendering as well.',
  email_blackberry: 'Here is another email',
  email_bullets: /^test 2 this[\s\S]*and another$/,
  email_custom_quote_header: 'Thank you!',
  email_customer_quote_header_2: 'Thank you very much.',
  email_customer_quote_header_3: /merci d'avance$/,
  email_emoji: '🎉',
  email_iphone: 'Here is another email',
  email_multi_word_sent_from_my_mobile_device: 'Here is another email',
  email_one_is_not_on: /when I run\.\.\.$/,
  email_reply_header: /TWICE!\n\nStranger$/,
  email_sent_from: /words or paragraphs\.$/,
  email_thread: 'This is new email reply in thread from bellow.',
  email_tricky_11_double_signature: 'Thanks for your help!\n\nBest regards,\nJohn',
  email_tricky_16_unicode_signatures: 'Thanks for the update!\n\nCheers 🎉\nSarah',
  email_tricky_20_html_entities: /handled correctly\.$/,
  email_tricky_9_nested_quotes: 'I agree with the points below.',
  email_unquoted_reply: 'This is my reply.',
  email_zoho: /^What is the best way[\s\S]*running a test\?$/,
  sig_no_empty_line: 'this is an email with a signature with no empty line above.',
}

interface Case {
  readonly set: string
  readonly name: string
  readonly text: string
  readonly expected: string | RegExp
}

function cases(): readonly Case[] {
  const crisp = readdirSync(join(folder, 'crisp-replies')).map((file): Case => {
    const name = file.replace('.txt', '')
    const text = readFileSync(join(folder, 'crisp-replies', file), 'utf8').replaceAll('\r\n', '\n')
    const filler = /^Fusce bibendum[\s\S]*?varius aliquet nec nec nibh\./.exec(text)?.[0]
    // All that is left is new as a whole: lists, code, dashes, forwarded mails, answers between the lines.
    return { set: 'crisp', name, text, expected: filler ?? news[name] ?? text.trim() }
  })
  const replies = join(folder, 'talon', 'standard_replies')
  const talon = readdirSync(replies).map((file): Case => {
    const { text } = bodyOf(parseMime(readFileSync(join(replies, file))).root)
    return { set: 'talon', name: file, text, expected: 'Hello' }
  })
  const html = join(folder, 'talon', 'html_replies')
  const rich = readdirSync(html).map((file): Case => {
    const mail = Buffer.concat([Buffer.from('Content-Type: text/html\n\n'), readFileSync(join(html, file))])
    return {
      set: 'talon html',
      name: file,
      text: mail.toString('latin1'),
      expected: /^Hi\. I am fine\.\s+Thanks,\s+Alex$/,
    }
  })
  return [...crisp, ...talon, ...rich]
}

const asText = ({ set, text }: Case) => {
  if (set !== 'talon html') return { text, quotesAt: [] }
  return bodyOf(parseMime(Buffer.from(text, 'latin1')).root)
}
const own = (one: Case) => {
  const { text, quotesAt } = asText(one)
  return foldQuoted(text, quotesAt).text
}
const library = (one: Case) => extractFromPlain(asText(one).text) as string
const both = (one: Case) => foldQuoted(extractFromPlain(own(one)) as string).text
const fits = (text: string, expected: string | RegExp) =>
  typeof expected === 'string' ? text.trim() === expected : expected.test(text.trim())

describe.skipIf(!there)('on the sets of mails', () => {
  test('the new words come out at least as well as by the library, alone or after these rules', () => {
    const all = cases()
    const ways = { own, library, both }
    const missed = Object.entries(ways).map(([way, of]) => ({
      way,
      missed: all.filter((one) => !fits(of(one), one.expected)),
    }))
    const sets = ['talon', 'talon html', 'crisp']
    for (const { way, missed: wrong } of missed) {
      const figures = sets.map((set) => {
        const size = all.filter((one) => one.set === set).length
        return `${set} ${size - wrong.filter((one) => one.set === set).length} of ${size}`
      })
      console.info(`${way}: ${figures.join(', ')}`)
    }
    const names = (way: string) => missed.find((one) => one.way === way)!.missed.map(({ name }) => name)
    expect(names('own')).toEqual(['email_7'])
    expect(names('own').length).toBeLessThanOrEqual(names('library').length)
    expect(names('own').length).toBeLessThanOrEqual(names('both').length)
  })
})

describe('folding', () => {
  test('never takes everything, never loses a word, and is quick', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '> a',
        '>> b',
        '',
        '-- ',
        '--',
        'On 1 May 2026, at 10:00, A <a@b.example> wrote:',
        '-----Original Message-----',
        'From: a',
        'Sent: b',
        'To: c',
        'Subject: d',
        'Sent from my phone',
        '---------- Forwarded message ---------',
        'words',
        '____',
      ),
      fc.string({ maxLength: 20 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.join('\n')
        const folded = foldQuoted(text)
        const words = (of: string) => of.split(/\s+/).filter(Boolean).toSorted()
        expect(words(`${folded.text}\n${folded.quoted ?? ''}`)).toEqual(words(text))
        if (text.trim() !== '') expect(folded.text.trim()).not.toBe('')
      }),
      { numRuns: 2_000 },
    )
  })

  test('keeps short answers that stand between the lines of a question', () => {
    const text = 'On 1 May 2026 A <a@b.example> wrote:\n> Red?\nyes\n> Blue?\nno'
    expect(foldQuoted(text)).toEqual({ text })
  })

  test('folds what stands above an answer at the bottom', () => {
    expect(foldQuoted('On 1 May 2026 A <a@b.example> wrote:\n> Red?\nyes')).toEqual({
      text: 'yes',
      quoted: 'On 1 May 2026 A <a@b.example> wrote:\n> Red?',
    })
  })

  test.each([
    ['one line of a megabyte', 'On '.repeat(350_000)],
    ['lines that nearly begin', 'On 1 May 2026 somebody,\n'.repeat(19_000)],
    ['signs of quotation', `${'>'.repeat(500_000)}\n`.repeat(2)],
    ['headers without end', 'From: a\n'.repeat(19_000)],
    ['blanks', `${' '.repeat(50_000)}x\n`.repeat(20)],
    ['empty lines', '\n'.repeat(19_000)],
    ['quotations and blanks', '> a\n\n\n'.repeat(6_000)],
  ])('takes no longer than its length: %s', (_, text) => {
    const since = performance.now()
    foldQuoted(text)
    expect(performance.now() - since).toBeLessThan(2_000)
  })
})
