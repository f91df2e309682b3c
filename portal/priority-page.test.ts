import { expect, test } from 'vitest'
import { defaultPolicy, policyTranslator, rulesInWords } from '#triage/server'
import { priorityPage } from './priority-page.ts'

const words = policyTranslator('en')
const current = { version: 3, note: '<b>new</b>', publishedAt: '2026-11-02T09:00:00.000Z', publishedBy: 'Ann' }

test('the public page says every rule of the policy, and shows what was typed as words', () => {
  const policy = { ...defaultPolicy, preface: '<script>alert(1)</script>' }
  const page = priorityPage({ name: 'Lark & Sons', current: { ...current, policy } }, words)
  for (const { title, sentences } of rulesInWords(policy, words)) {
    expect(page).toContain(title)
    for (const sentence of sentences) expect(page).toContain(sentence)
  }
  expect(page).toContain('in use since November 2, 2026')
  expect(page).toContain('counts nothing')
  expect(page).toContain('Lark &#38; Sons')
  expect(page).not.toContain('<script')
  expect(page).not.toContain('<b>')
  expect(page).not.toContain('Ann')
})
